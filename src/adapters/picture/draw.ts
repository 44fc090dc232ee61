import type { Card } from '../../messages/card.ts';
import { altOf } from '../../messages/pool-map.ts';
import { svgOf } from '../../messages/pool-map-svg.ts';
import { pngOf } from './png.ts';

/** A card's picture as a PNG, and what it says in words; null for a card without one. */
export function drawCard({ picture }: Card): { readonly png: Uint8Array<ArrayBuffer>; readonly alt: string } | null {
  return picture === undefined ? null : { png: new Uint8Array(pngOf(svgOf(picture))), alt: altOf(picture) };
}
