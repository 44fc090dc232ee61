import { type Document, isAlias, isMap, isNode, isScalar, isSeq, LineCounter, parseDocument } from 'yaml';
import type { ConfigFault } from './faults.ts';

/** Where in a file something stands: keys and list positions from the top. */
export type YamlPath = readonly (string | number)[];

/** A YAML file that was read: what it says, and the way from a place in it to a line. */
export interface YamlFile {
  /** Undefined when the text is not YAML; `faults` says why. */
  readonly value: unknown;
  readonly faults: readonly ConfigFault[];
  /** A fault of what stands at `path`; of what it should stand in, when it is missing. */
  faultAt(path: YamlPath, because: string): ConfigFault;
}

/** Reads YAML 1.2. Keys are always text, so a person may be called `1234`; a key given twice is a fault. */
export function parseYaml(file: string, text: string): YamlFile {
  const lineCounter = new LineCounter();
  const document = parseDocument(text, { lineCounter, stringKeys: true, prettyErrors: false });
  const faultAtOffset = (offset: number, because: string): ConfigFault => {
    const { line, col } = lineCounter.linePos(offset);
    return { file, line: Math.max(line, 1), column: Math.max(col, 1), because };
  };
  // A warning is a tag that means nothing here: whoever wrote it expects it to do something.
  const faults = [...document.errors, ...document.warnings].map(({ pos, message }) => faultAtOffset(pos[0], message));
  const value = faults.length === 0 ? plain(document) : { kind: 'unread' as const, because: null };
  if (value.kind === 'unread' && value.because !== null) faults.push(faultAtOffset(0, value.because));
  return {
    value: value.kind === 'read' ? value.value : undefined,
    faults,
    faultAt: (path, because) => faultAtOffset(offsetOf(document, path), because),
  };
}

/** References (`*name`) are counted, so that a few lines cannot grow into a file that fills the memory. */
function plain(document: Document): { kind: 'read'; value: unknown } | { kind: 'unread'; because: string } {
  try {
    return { kind: 'read', value: document.toJS({ maxAliasCount: 100 }) };
  } catch (error) {
    return { kind: 'unread', because: error instanceof Error ? error.message : String(error) };
  }
}

/** Where the key or the list item at the end of the path begins; as much of the way as there is. */
function offsetOf(document: Document, path: YamlPath): number {
  let node: unknown = document.contents;
  let offset = startOf(node) ?? 0;
  for (const step of path) {
    if (isAlias(node)) node = node.resolve(document);
    if (isMap(node)) {
      const pair = node.items.find(({ key }) => isScalar(key) && String(key.value) === String(step));
      if (pair === undefined) break;
      offset = startOf(pair.key) ?? offset;
      node = pair.value;
    } else if (isSeq(node) && typeof step === 'number' && step < node.items.length) {
      node = node.items[step];
      offset = startOf(node) ?? offset;
    } else break;
  }
  return offset;
}

const startOf = (node: unknown): number | null => (isNode(node) ? (node.range?.[0] ?? null) : null);
