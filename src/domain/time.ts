/** Milliseconds since 1970, UTC. The core never reads a clock: time arrives inside events. */
export type Instant = number;

/** Durations, in milliseconds. */
export const seconds = (count: number): number => count * 1_000;
export const minutes = (count: number): number => seconds(count * 60);
export const hours = (count: number): number => minutes(count * 60);
