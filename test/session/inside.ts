import type { SessionEvent } from '../../src/session/record.ts';

/** Whether a hold is about a hook of the pool's own. */
export const isAboutHook = (event: SessionEvent): boolean =>
  inside(event, 'reason', 'hook') !== undefined || inside(event, 'reason', 'step', 'hook') !== undefined;

/** What stands inside an event at this place; undefined where there is no such place. */
export const inside = (event: unknown, ...path: readonly string[]): unknown =>
  path.reduce<unknown>(
    (value, key) =>
      typeof value === 'object' && value !== null ? Object.entries(value).find(([name]) => name === key)?.[1] : undefined,
    event,
  );
/** A list of names; empty where there is none. */
export const strings = (value: unknown): readonly string[] => (Array.isArray(value) ? value.map(String) : []);
