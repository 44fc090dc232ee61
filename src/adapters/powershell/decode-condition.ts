import { z } from 'zod/v4';
import type { BackupModule, Part, PoolCondition, ServerCondition } from '../../domain/condition.ts';
import { type Decoded, garbage, property, understood } from './decode.ts';
import type { Examination } from './decode-examination.ts';

const text = z.string();
const Condition = z.strictObject({
  services: z.array(z.strictObject({ name: text, state: text, since: z.int().nullable() })).nullable(),
  events: z.array(z.strictObject({ id: z.int(), at: z.int(), text })).nullable(),
  unread: z.partialRecord(z.enum(['services', 'events']), text),
});
const Copies = z.strictObject({
  backup: z.array(z.record(text, text)).nullable(),
  holdsCms: z.boolean().nullable(),
  replicas: z.array(z.strictObject({ server: text, upToDate: z.boolean().nullable() })).nullable(),
  unread: z.partialRecord(z.enum(['backup', 'holdsCms', 'replicas']), text),
});

/** What `condition.ps1` found of a server. */
export function decodeCondition(value: unknown): Decoded<Pick<ServerCondition, 'services' | 'events'>> {
  const read = Condition.safeParse(value);
  if (!read.success) return garbage('the condition is not understood');
  const { services, events, unread } = read.data;
  return understood({ services: partOf(services, unread.services), events: partOf(events, unread.events) });
}

/** What `copies.ps1` found of a pool. A replica that does not say yes or no is none: it is then told as missing. */
export function decodeCopies(value: unknown): Decoded<Pick<PoolCondition, 'backup' | 'holdsCms' | 'replicas'>> {
  const read = Copies.safeParse(value);
  if (!read.success) return garbage('the copies of the pool are not understood');
  const { backup, holdsCms, replicas, unread } = read.data;
  const known = replicas?.flatMap(({ server, upToDate }) => (upToDate === null ? [] : [{ server, upToDate }])) ?? null;
  return understood({
    backup: partOf(backup?.map(moduleOf) ?? null, unread.backup),
    holdsCms: partOf(holdsCms, unread.holdsCms),
    replicas: partOf(known, unread.replicas),
  });
}

/** The rows are published as people saw them, not the name of the property that names the module. */
function moduleOf(row: Readonly<Record<string, string>>): BackupModule {
  const named = (...names: readonly string[]): string => {
    const found = property(row, ...names);
    return typeof found === 'string' && found !== '' ? found : 'not understood';
  };
  return {
    name: named('Name', 'ModuleName', 'BackupModule', 'Module', 'Identity'),
    exporting: named('ExportStatus'),
    importing: named('ImportStatus'),
  };
}

/** What `doctor` examines a server by, as far as a pre-flight looks at it too. */
export function conditionIn(examination: Examination): Pick<ServerCondition, 'restart' | 'disks' | 'certificates'> {
  const { restart, disks, certificates, unread } = examination;
  const wanted =
    restart === null
      ? null
      : [
          ...(restart.servicing ? ['Windows components'] : []),
          ...(restart.updates ? ['Windows Update'] : []),
          ...(restart.renames ? ['files to be renamed'] : []),
        ];
  return {
    restart: partOf(wanted, unread.restart),
    disks: partOf(disks, unread.disks),
    certificates: partOf(certificates?.map(({ use, ends }) => ({ use, ends })) ?? null, unread.certificates),
  };
}

const partOf = <Value>(value: Value | null, because: string | undefined): Part<Value> =>
  value === null ? { kind: 'unread', because: because ?? 'it gave no reason' } : { kind: 'read', value };
