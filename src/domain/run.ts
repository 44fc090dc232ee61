import type { Instant } from './time.ts';
export type RunEvent = { readonly at: Instant; readonly kind: string };
