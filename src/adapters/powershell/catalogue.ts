import { z } from 'zod/v4';
import { KEY_PORTS } from '../../domain/condition.ts';
import { parsePoolFqdn, parseServerFqdn } from '../../domain/pool.ts';
import { POOL_OPERATIONS } from '../../domain/pool-operation.ts';
import { minutes, seconds } from '../../domain/time.ts';

/** One thing PowerShell may be asked to do: a fixed script beside `run.ps1`, and the only values it takes. */
export interface Entry<Values> {
  readonly script: `${string}.ps1`;
  /** Names as in the script's `param()`. A value of another name, or out of range, never leaves this process. */
  readonly values: z.ZodType<Values>;
  /** After this long, in ms, the process is killed and what became of the call is unknown. */
  readonly timeOut: number;
  /** Whether the next server is asked when one did not answer in time. Not when the next would be as long about it. */
  readonly afterTimeOut: 'ask-next' | 'give-up';
}

/** Makes an entry. Everything not said is refused: `values` are strict. */
export const entry = <Shape extends z.ZodRawShape>(
  script: `${string}.ps1`,
  shape: Shape,
  timeOut: number = seconds(60),
  afterTimeOut: Entry<unknown>['afterTimeOut'] = 'ask-next',
) => ({ script, values: z.strictObject(shape), timeOut, afterTimeOut });

const server = z.string().refine((text) => parseServerFqdn(text) === text, 'not the full name of a server, in lower case');
const pool = z.string().refine((text) => parsePoolFqdn(text) === text, 'not the full name of a pool, in lower case');

/** Control characters, and the marks that make text read in another order than it is in, have no place in a command. */
const HIDDEN = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/u;
const plainText = (most: number) =>
  z
    .string()
    .max(most)
    .refine((text) => !HIDDEN.test(text), 'holds a control character or an invisible one');

/** A time for a cmdlet, in minutes: as long as a day and no longer. */
const wholeMinutes = z.int().min(1).max(1_440);

const cmdlet = z.string().regex(/^[A-Za-z]{1,40}-[A-Za-z]{1,80}$/, 'not the name of a cmdlet');

/** What `probe.ps1` can record, a cmdlet each. */
export const PROBED = [
  'readiness',
  'fabric',
  'fabric-verbose',
  'backup-pool',
  'back-end',
  'services',
  'version',
  'patch-level',
  'computers',
  'pool',
] as const;

/** What may be read. Nothing in here changes a server. */
export const READINGS = {
  computers: entry('computers.ps1', { PoolFqdn: pool }),
  // "waits until the replicas have been built before completing": Get-CsPoolUpgradeReadinessState. That may take 15-30
  // minutes after a stop; a quarter of an hour is what we wait for one answer.
  readiness: entry('readiness.ps1', {}, minutes(15), 'give-up'),
  fabric: entry('fabric.ps1', { PoolFqdn: pool, Detail: z.enum(['plain', 'verbose']) }, minutes(2)),
  services: entry('services.ps1', { Servers: z.array(server).min(1).max(32) }, minutes(2)),
  backEnd: entry('back-end.ps1', { PoolFqdn: pool }, minutes(2)),
  backupPool: entry('backup-pool.ps1', { PoolFqdn: pool }),
  product: entry('product.ps1', {}),
  server: entry('server.ps1', {}, minutes(2)),
  port: entry('port.ps1', { Server: server, Port: z.literal(KEY_PORTS) }),
  viewers: entry('viewers.ps1', {}),
  patchLevel: entry('patch-level.ps1', {}, minutes(2)),
  patchRun: entry('child-run.ps1', { Name: z.literal('patch-run') }),
  failoverRun: entry('child-run.ps1', { Name: z.literal('failover-run') }),
  operationRun: entry('child-run.ps1', { Name: z.literal('operation-run') }),
  hookRun: entry('child-run.ps1', { Name: z.enum(['before-run', 'after-run']) }),
  machine: entry('machine.ps1', {}),
  examine: entry(
    'examine.ps1',
    { Cmdlets: z.array(cmdlet).min(1).max(100), Files: z.array(plainText(1_000).min(1)).max(10) },
    minutes(2),
  ),
  condition: entry('condition.ps1', {}),
  copies: entry('copies.ps1', { PoolFqdn: pool }),
  // As long as readiness itself, which is one of what it records.
  probe: entry('probe.ps1', { PoolFqdn: pool, Part: z.enum(PROBED) }, minutes(15), 'give-up'),
};

/** Everything Lifeguard can change on a server. Each runs on that server itself, in a process of its own. */
export const EFFECTS = {
  stopServices: entry('stop-services.ps1', { StopMode: z.enum(['graceful', 'immediate']) }, minutes(2)),
  startServices: entry('start-services.ps1', {}, minutes(2)),
  restart: entry('restart.ps1', { BootTimeSeen: z.int().nonnegative() }, minutes(2)),
  // The command is the pool's configured one. Nothing a person typed in chat gets here.
  patch: entry('patch.ps1', { File: plainText(1_000).min(1), Arguments: z.array(plainText(1_000)).max(50) }),
  // The command is the pool's configured one for this moment, as the patch command is.
  hook: entry('hook.ps1', {
    Name: z.enum(['before-run', 'after-run']),
    File: plainText(1_000).min(1),
    Arguments: z.array(plainText(1_000)).max(50),
  }),
  failover: entry(
    'failover.ps1',
    { Server: server, Direction: z.enum(['fail-over', 'fail-back']), WaitTime: wholeMinutes, DrainingTimeout: wholeMinutes },
    minutes(2),
  ),
  operate: entry(
    'pool-operation.ps1',
    { PoolFqdn: pool, Operation: z.enum(POOL_OPERATIONS), Token: z.string().regex(/^[a-z0-9-]{1,40}$/, 'not a token') },
    minutes(2),
  ),
};

/** A line, or why the values were refused. */
export type Line = { readonly kind: 'line'; readonly text: string } | { readonly kind: 'refused'; readonly because: string };

/** The script that answers: on this machine, or by asking the same of a server over the network. */
export type WayIn = 'run.ps1' | 'remote.ps1';

/**
 * The line that a PowerShell in the scripts' folder is given. Nothing in it can be read as PowerShell: the script's name
 * is ours, and base64 has no quote, dollar, backtick or line break.
 */
export function commandLine<Values>(
  { script, values }: Pick<Entry<Values>, 'script' | 'values'>,
  given: Values,
  wayIn: WayIn = 'run.ps1',
): Line {
  const checked = values.safeParse(given);
  if (!checked.success) {
    const faults = checked.error.issues.map(({ path, message }) => `${path.join('.') || 'values'}: ${message}`);
    return { kind: 'refused', because: `refused before PowerShell was asked: ${faults.join('; ')}` };
  }
  const base64 = Buffer.from(JSON.stringify(checked.data), 'utf8').toString('base64');
  return { kind: 'line', text: `./${wayIn} '${script}' '${base64}'` };
}
