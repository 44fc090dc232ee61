import type { ServerFqdn } from '../../domain/pool.ts';
import type { Told } from '../../ports.ts';

/** A cmdlet called in a shell on a simulated server, with its parameters as text, lists of text and switches. */
export interface CmdletCall {
  readonly server: ServerFqdn;
  readonly cmdlet: string;
  readonly parameters: Readonly<Record<string, unknown>>;
}

/** What the stand-in cmdlet then does: writes these, and fails if there is an error. `gone`: the machine never answers. */
export type CmdletAnswer =
  | {
      readonly kind: 'answer';
      readonly output: readonly unknown[];
      readonly warnings: readonly string[];
      readonly verbose: readonly string[];
      readonly error: { readonly message: string; readonly category: string } | null;
    }
  | { readonly kind: 'gone' };

/** Output and no error. */
export const wrote = (
  output: readonly unknown[],
  warnings: readonly string[] = [],
  verbose: readonly string[] = [],
): CmdletAnswer => ({
  kind: 'answer',
  output,
  warnings,
  verbose,
  error: null,
});
/** A terminating error and nothing else. */
export const failed = (message: string, category = 'InvalidOperation'): CmdletAnswer => ({
  kind: 'answer',
  output: [],
  warnings: [],
  verbose: [],
  error: { message, category },
});

/** What a change to the pool makes the cmdlet do that stands for it. */
export function told(answer: Told, ...verbose: readonly string[]): CmdletAnswer {
  switch (answer.kind) {
    case 'accepted':
      return wrote([], [], verbose);
    case 'refused':
      // Of all errors the one that says for certain that nothing was done.
      return failed(answer.because, 'PermissionDenied');
    case 'unknown':
      return { kind: 'gone' };
  }
}
