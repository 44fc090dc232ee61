/**
 * What the value of a script means. `silent`: the cmdlet printed nothing. `garbage`: it printed something that is not
 * understood, or that contradicts itself. Neither is ever a yes. `notUnderstood` are members that came with an answer and
 * that no document knows, as `name=value`: they spoil nothing, and a person is shown them.
 */
export type Decoded<Value> =
  | { readonly kind: 'understood'; readonly value: Value; readonly notUnderstood?: readonly string[] }
  | { readonly kind: 'silent' | 'garbage'; readonly because: string };

/** The answer, as the domain knows it, and what came with it that nobody does. */
export const understood = <Value>(value: Value, notUnderstood: readonly string[] = []): Decoded<Value> =>
  notUnderstood.length === 0 ? { kind: 'understood', value } : { kind: 'understood', value, notUnderstood };
/** Something came that no document describes. */
export const garbage = (because: string): { readonly kind: 'garbage'; readonly because: string } => ({
  kind: 'garbage',
  because,
});
/** Nothing came. */
export const silent = (because: string): { readonly kind: 'silent'; readonly because: string } => ({ kind: 'silent', because });

/** A property under any of its names. `conflict`: it is there more than once, with different values. */
export type Field =
  | { readonly kind: 'found'; readonly value: unknown }
  | { readonly kind: 'missing' }
  | { readonly kind: 'conflict'; readonly names: readonly string[] };

/** Looks a property up without regard to case, under every name that Microsoft or its cmdlets may use for it. */
export function field(object: unknown, ...names: readonly string[]): Field {
  if (typeof object !== 'object' || object === null || Array.isArray(object)) return { kind: 'missing' };
  const wanted = names.map((name) => name.toLowerCase());
  const found = Object.entries(object).filter(([name]) => wanted.includes(name.toLowerCase()));
  const [first] = found;
  if (first === undefined) return { kind: 'missing' };
  const same = found.every(([, value]) => JSON.stringify(value) === JSON.stringify(first[1]));
  return same ? { kind: 'found', value: first[1] } : { kind: 'conflict', names: found.map(([name]) => name) };
}

/** Properties that are none of these, as `name=value`; `of` says whose they are. */
export function unknownMembers(object: unknown, of: string, known: readonly string[]): readonly string[] {
  if (typeof object !== 'object' || object === null || Array.isArray(object)) return [];
  const names = known.map((name) => name.toLowerCase());
  const unknown = Object.entries(object).filter(([name]) => !names.includes(name.toLowerCase()));
  return unknown.map(([name, value]) => `${of === '' ? '' : `${of}: `}${name}=${JSON.stringify(value).slice(0, VALUE_SHOWN)}`);
}
/** Enough of an unknown value to find it in the record, which has all of it. */
const VALUE_SHOWN = 100;

/** The value of a property that is there once; undefined when it is missing or contradicts itself. */
export function property(object: unknown, ...names: readonly string[]): unknown {
  const found = field(object, ...names);
  return found.kind === 'found' ? found.value : undefined;
}

/** A one-element collection may reach us as the element itself, and an empty one as null. */
export const list = (value: unknown): readonly unknown[] =>
  Array.isArray(value) ? value : value === null || value === undefined ? [] : [value];
