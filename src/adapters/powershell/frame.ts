import { z } from 'zod/v4';

/** What a script said, apart from its one value. */
export interface Remarks {
  readonly warnings: readonly string[];
  readonly verbose: readonly string[];
}

/**
 * What one call printed. `value`: the script's one answer. `fault`: the script or a cmdlet of it failed, in PowerShell's
 * words; `denied` when PowerShell says that the call was not allowed or does not exist, so that it changed nothing.
 * `unreached`: the server was never asked. `none`: there is no answer to speak of, and what the script did is unknown.
 */
export type Framed =
  | ({ readonly kind: 'value'; readonly value: unknown } & Remarks)
  | ({ readonly kind: 'fault'; readonly because: string; readonly denied: boolean } & Remarks)
  | { readonly kind: 'unreached'; readonly because: string }
  | { readonly kind: 'none'; readonly because: string };

const FRAME = /^<<lifeguard ([A-Za-z0-9+/]+=*)>>\r?$/gm;

const texts = z.array(z.string());
const Printed = z.strictObject({
  values: z.array(z.unknown()),
  warnings: texts,
  verbose: texts,
  errors: texts,
  fault: z.string().optional(),
  category: z.string().optional(),
  errorId: z.string().optional(),
});

/** What `remote.ps1` says when no answer came from the server: `lost` in the middle of a call, or never asked. */
const Gone = z.union([z.strictObject({ unreached: z.string() }), z.strictObject({ lost: z.string() })]);

/** `ErrorCategory` names, from "about_CommonParameters" and the ErrorCategory reference, of calls that were turned away. */
const DENIALS: readonly string[] = ['PermissionDenied', 'SecurityError', 'AuthenticationError'];

/** Reads the one frame that `run.ps1` prints. No frame, half of one or two of them are no answer. */
export function unframe(output: string): Framed {
  const [frame, ...others] = [...output.matchAll(FRAME)];
  if (frame?.[1] === undefined) return { kind: 'none', because: 'PowerShell gave no answer' };
  if (others.length > 0) return { kind: 'none', because: 'PowerShell gave more than one answer' };
  const content = parseJson(Buffer.from(frame[1], 'base64').toString('utf8'));
  const gone = Gone.safeParse(content);
  if (gone.success)
    return 'lost' in gone.data
      ? { kind: 'none', because: `the connection was lost: ${gone.data.lost}` }
      : { kind: 'unreached', because: gone.data.unreached };
  const printed = Printed.safeParse(content);
  if (!printed.success) return { kind: 'none', because: 'the answer of PowerShell is damaged' };
  const { values, warnings, verbose, errors, fault, category, errorId } = printed.data;
  if (fault !== undefined) {
    const denied = DENIALS.includes(category ?? '') || errorId === 'CommandNotFoundException';
    return { kind: 'fault', because: fault, denied, warnings, verbose };
  }
  // Errors that did not end the script leave an answer that may be half of one.
  if (errors.length > 0) return { kind: 'fault', because: errors.join('; '), denied: false, warnings, verbose };
  if (values.length === 1) return { kind: 'value', value: values[0], warnings, verbose };
  return { kind: 'fault', because: `the script gave ${values.length} values instead of one`, denied: false, warnings, verbose };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
