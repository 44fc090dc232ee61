import type { ProductVersion } from '../../domain/pool.ts';

/** A product as `Get-CsServerVersion` numbers it, which does not count updates. */
export interface Product {
  readonly number: string;
  readonly version: ProductVersion;
  readonly name: string;
}

/** Source: the page of `Get-CsServerVersion`, and the lists of updates. Subscription Edition has 2019's number and its cmdlets. */
const PRODUCTS: readonly Product[] = [
  { number: '5.0.8308', version: '2013', name: 'Lync Server 2013' },
  { number: '6.0.9319', version: '2015', name: 'Skype for Business Server 2015' },
  { number: '7.0.2046', version: '2019', name: 'Skype for Business Server 2019' },
];

/** The product whose number stands in this text; null when none of those we know does. */
export const productIn = (text: string): Product | null =>
  PRODUCTS.find(({ number }) => new RegExp(`\\b${number.replaceAll('.', '\\.')}(?![0-9])`).test(text)) ?? null;
