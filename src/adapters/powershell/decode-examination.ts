import { z } from 'zod/v4';
import type { Instant } from '../../domain/time.ts';
import { type Decoded, garbage, understood } from './decode.ts';

const PARTS = ['policies', 'modules', 'cmdlets', 'version', 'patched', 'certificates', 'rights', 'disks', 'restart'] as const;
/** The parts of an examination that may be unread while the others are not. */
export type ExaminedPart = (typeof PARTS)[number];

/** What `examine.ps1` found on one server. A part is null when it could not be read, and `unread` says why. */
export interface Examination {
  /** The server's own time when the script began and when it ended. */
  readonly began: Instant;
  readonly ended: Instant;
  readonly windows: boolean;
  /** `version` as PowerShell has it, such as `5.1.17763.1`; `edition` is empty before 5.1. */
  readonly powershell: { readonly version: string; readonly edition: string; readonly languageMode: string };
  /** Execution policies by scope, the one that wins first. */
  readonly policies: readonly { readonly scope: string; readonly policy: string }[] | null;
  /** The product's modules that are loaded. */
  readonly modules: readonly { readonly name: string; readonly version: string }[] | null;
  /** The cmdlets that are there, of those that were looked for, with the names of their parameters. */
  readonly cmdlets: readonly { readonly name: string; readonly parameters: readonly string[] }[] | null;
  /** What `Get-CsServerVersion` prints. */
  readonly version: string | null;
  /** Versions of the components by `Get-CsServerPatchVersion`; empty where the product has no such cmdlet. */
  readonly patched: readonly string[] | null;
  /** `ends` is null for a certificate whose end was not understood. */
  readonly certificates: readonly { readonly use: string; readonly thumbprint: string; readonly ends: Instant | null }[] | null;
  /** Of the account that the scripts run as. */
  readonly rights: { readonly account: string; readonly administrator: boolean; readonly serverAdmin: boolean } | null;
  /** Free space in bytes of the system drive and of the one that `ProgramData` is on; one when they are the same. */
  readonly disks: readonly { readonly root: string; readonly free: number }[] | null;
  /** The three places where Windows notes that it wants to be restarted. */
  readonly restart: { readonly servicing: boolean; readonly updates: boolean; readonly renames: boolean } | null;
  /** The files that were asked about, and whether each is there. */
  readonly files: readonly { readonly file: string; readonly there: boolean }[];
  readonly unread: Readonly<Partial<Record<ExaminedPart, string | undefined>>>;
}

const text = z.string();
const flag = z.boolean();

const Examined = z.strictObject({
  began: z.int().positive(),
  ended: z.int().positive(),
  windows: flag,
  powershell: z.strictObject({ version: text, edition: text, languageMode: text }),
  policies: z.array(z.strictObject({ scope: text, policy: text })).nullable(),
  modules: z.array(z.strictObject({ name: text, version: text })).nullable(),
  cmdlets: z.array(z.strictObject({ name: text, parameters: z.array(text) })).nullable(),
  version: text.nullable(),
  patched: z.array(text).nullable(),
  certificates: z.array(z.strictObject({ use: text, thumbprint: text, ends: z.int().nullable() })).nullable(),
  rights: z.strictObject({ account: text, administrator: flag, serverAdmin: flag }).nullable(),
  disks: z.array(z.strictObject({ root: text, free: z.int().nonnegative() })).nullable(),
  restart: z.strictObject({ servicing: flag, updates: flag, renames: flag }).nullable(),
  files: z.array(z.strictObject({ file: text, there: flag })),
  unread: z.partialRecord(z.enum(PARTS), text),
});

/** An examination whole, or nothing: it is our own script's answer, so an odd one says that the two do not belong together. */
export function decodeExamination(value: unknown): Decoded<Examination> {
  const read = Examined.safeParse(value);
  if (read.success) return understood(read.data);
  const [first] = read.error.issues;
  return garbage(`the examination is not understood: ${first?.path.join('.') ?? ''} ${first?.message ?? ''}`.trim());
}
