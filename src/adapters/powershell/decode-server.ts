import { z } from 'zod/v4';
import { parseServerFqdn, type ServerFqdn } from '../../domain/pool.ts';
import type {
  FailoverDirection,
  FailoverRun,
  HookRun,
  PatchRun,
  ServerAnswer,
  ServerService,
  ServiceStatus,
} from '../../domain/sighting.ts';
import { seconds } from '../../domain/time.ts';
import type { Told } from '../../ports.ts';
import { type Decoded, garbage, silent, understood } from './decode.ts';

const STATUSES: readonly ServiceStatus[] = ['Running', 'StartPending', 'StopPending', 'Stopped'];
const statusOf = (text: string | null): ServiceStatus | null => STATUSES.find((each) => each === text) ?? null;

const Services = z.strictObject({
  services: z.array(z.strictObject({ server: z.string(), status: z.string().nullable(), because: z.string() })),
});

/** RTCSRV of each server that was asked for, in that order. One that gave no answer, or an unknown word, is null; the word is handed on. */
export function decodeServices(value: unknown, servers: readonly ServerFqdn[]): Decoded<readonly ServerService[]> {
  const read = Services.safeParse(value);
  if (!read.success) return garbage('the list of services is not understood');
  const told = new Map(read.data.services.map((each) => [parseServerFqdn(each.server), each]));
  if (told.size !== servers.length || servers.some((server) => !told.has(server))) {
    return garbage('the services are not those of the servers that were asked for');
  }
  const services = servers.map((server): ServerService => ({ server, rtcsrv: statusOf(told.get(server)?.status ?? null) }));
  const unknown = read.data.services.filter(({ status }) => status !== null && statusOf(status) === null);
  return understood(
    services,
    unknown.map(({ server, status }) => `RTCSRV of ${server}=${status}`),
  );
}

const Server = z.strictObject({
  bootTime: z.int().positive(),
  services: z.array(z.strictObject({ name: z.string(), status: z.string(), activity: z.string() })),
  startMode: z.string(),
});
/** `StartMode` of `Win32_Service`, from its page in the WMI reference. */
const START_MODES = ['Boot', 'System', 'Auto', 'Manual', 'Disabled'];

/** A server's boot time, the state of all its services together, and what they still carry. */
export function decodeServer(value: unknown): Decoded<ServerAnswer> {
  const read = Server.safeParse(value);
  if (!read.success) return garbage('the boot time or the services are not understood');
  const { bootTime, services: listed, startMode } = read.data;
  if (listed.length === 0) return silent('Get-CsWindowsService printed nothing');
  if (!START_MODES.includes(startMode)) return garbage(`RTCSRV starts in a way that is not understood: ${startMode || '-'}`);
  const statuses = new Set(listed.map(({ status }) => statusOf(status)));
  if (statuses.has(null)) {
    const odd = listed.filter(({ status }) => statusOf(status) === null);
    return garbage(
      `services in a state that is not understood: ${odd.map(({ name, status }) => `${name} ${status || '-'}`).join(', ')}`,
    );
  }
  const rtcsrv = listed.find(({ name }) => name.toLowerCase() === 'rtcsrv');
  const activity = listed.map((each) => each.activity);
  return understood({
    bootTime,
    services: together(statuses),
    rtcsrv: statusOf(rtcsrv?.status ?? null),
    disabled: startMode === 'Disabled',
    calls: sumOf(/^concurrent calls$/i, activity),
    conferences: sumOf(/^concurrent conferences$/i, activity),
  });
}

function together(statuses: ReadonlySet<ServiceStatus | null>): ServiceStatus {
  if (statuses.has('StopPending')) return 'StopPending';
  if (statuses.has('StartPending')) return 'StartPending';
  return statuses.has('Running') ? 'Running' : 'Stopped';
}

/** Adds up one counter of `ActivityLevel`, which is `counter=value` separated by commas. Null: no service counts it. */
function sumOf(counter: RegExp, activity: readonly string[]): number | null {
  const pairs = activity.flatMap((text) => text.split(',')).map((pair) => pair.split('='));
  const counts = pairs.filter(([name]) => counter.test(name?.trim() ?? '')).map(([, count]) => count?.trim() ?? '');
  if (counts.length === 0 || counts.some((count) => !/^\d{1,9}$/.test(count))) return null;
  return counts.reduce((sum, count) => sum + Number(count), 0);
}

/** Whether TCP 5061 took a connection: True or False and nothing else. */
export function decodePort(value: unknown): Decoded<boolean> {
  const read = z.strictObject({ open: z.boolean() }).safeParse(value);
  return read.success ? understood(read.data.open) : garbage('whether the port is open is not understood');
}

/** Names of the open windows; an empty list is a yes only when it was really a list. */
export function decodeViewers(value: unknown): Decoded<readonly string[]> {
  const read = z.strictObject({ open: z.array(z.string()) }).safeParse(value);
  return read.success ? understood(read.data.open) : garbage('the list of open windows is not understood');
}

const PatchLevel = z.strictObject({
  canTell: z.boolean(),
  components: z.array(z.strictObject({ name: z.string(), version: z.string() })),
});

/**
 * What the server is patched to, as text to be compared whole: one version, or every component with its own. A
 * component that an update does not touch rightly stays behind, so no single number stands for the server.
 */
export function decodePatchLevel(value: unknown): Decoded<string | null> {
  const read = PatchLevel.safeParse(value);
  if (!read.success) return garbage('the patch level is not understood');
  const { canTell, components } = read.data;
  if (!canTell) return understood(null);
  const [first] = components;
  if (first === undefined) return silent('Get-CsServerPatchVersion printed nothing');
  if (components.some(({ version }) => version.trim() === '')) return garbage('a component has no version');
  if (new Set(components.map(({ version }) => version)).size === 1) return understood(first.version);
  return understood(
    components
      .map(({ name, version }) => `${name} ${version}`)
      .toSorted()
      .join('; '),
  );
}

/** What `child-run.ps1` says of a process that we started. */
export const ChildState = z.strictObject({ lines: z.array(z.string()), alive: z.boolean(), ageSeconds: z.number() });
/** A process that was told to start and has not said that it did, in seconds. Ours takes one or two. */
export const STARTING_FOR = 60;

/** What became of the patch command. A run without an end whose process is gone ended nobody knows how. */
export function decodePatchRun(value: unknown): Decoded<PatchRun> {
  const read = ChildState.safeParse(value);
  if (!read.success) return garbage('the state of the patch command is not understood');
  const { lines, alive, ageSeconds } = read.data;
  const words = wordsOf(lines);
  const last = words.at(-1);
  switch (last?.[0]) {
    case undefined:
      return understood({ kind: 'none' });
    case 'starting':
      if (ageSeconds <= STARTING_FOR) return understood({ kind: 'running' });
      return garbage(`the patch command was told to start ${Math.round(ageSeconds)} s ago and has not begun`);
    case 'started':
      if (alive) return understood({ kind: 'running' });
      return garbage('the process that ran the patch command is gone and left no exit code');
    case 'ended':
      if (/^-?\d{1,11}$/.test(last[1] ?? '')) return understood({ kind: 'ended', exitCode: Number(last[1]) });
      return garbage('the exit code of the patch command is not understood');
    case 'failed':
      return garbage(`the patch command could not be run: ${Buffer.from(last[1] ?? '', 'base64').toString('utf8')}`);
  }
  return garbage('the state file of the patch command is not understood');
}

/** The words of each line of a state file. */
export const wordsOf = (lines: readonly string[]): readonly (readonly string[])[] =>
  lines.filter((line) => line.trim() !== '').map((line) => line.trim().split(' '));

/** Enough to tell this upgrade's hook from an earlier one's, in seconds: two looks in the same instant say the same. */
const AGE_STEP = 30;

/** What became of a hook, and when it was told to start. One whose process is gone without a word has failed. */
export function decodeHookRun(value: unknown): Decoded<HookRun> {
  const read = ChildState.safeParse(value);
  if (!read.success) return garbage('the state of the hook is not understood');
  const { lines, alive, ageSeconds } = read.data;
  const last = wordsOf(lines).at(-1);
  const age = seconds(Math.floor(ageSeconds / AGE_STEP) * AGE_STEP);
  const failed = (because: string) => understood({ kind: 'failed', because, age } as const);
  switch (last?.[0]) {
    case undefined:
      return understood({ kind: 'none' });
    case 'starting':
      return ageSeconds <= STARTING_FOR ? understood({ kind: 'running' }) : failed('was told to start and never began');
    case 'started':
      return alive ? understood({ kind: 'running' }) : failed('is gone and left no exit code');
    case 'ended':
      if (/^-?\d{1,11}$/.test(last[1] ?? '')) return understood({ kind: 'ended', exitCode: Number(last[1]), age });
      return garbage('the exit code of the hook is not understood');
    case 'failed':
      return failed(`could not be run: ${Buffer.from(last[1] ?? '', 'base64').toString('utf8')}`);
  }
  return garbage('the state file of the hook is not understood');
}

const DIRECTIONS: readonly FailoverDirection[] = ['fail-over', 'fail-back'];
const CMDLET = { 'fail-over': 'Invoke-CsComputerFailOver', 'fail-back': 'Invoke-CsComputerFailBack' } as const;

/** What became of a FailOver or FailBack. One whose process is gone without a word has failed, nobody knows how far it came. */
export function decodeFailoverRun(value: unknown): Decoded<FailoverRun> {
  const read = ChildState.safeParse(value);
  if (!read.success) return garbage('the state of the failover command is not understood');
  const { lines, alive, ageSeconds } = read.data;
  const words = wordsOf(lines);
  const last = words.at(-1);
  if (last === undefined) return understood({ kind: 'none' });
  const direction = DIRECTIONS.find((each) => words[0]?.[0] === 'starting' && words[0][2] === each);
  if (direction === undefined) return garbage('the state file of the failover command does not say which way');
  const failed = (because: string) => understood({ kind: 'ended', direction, failed: because } as const);
  switch (last[0]) {
    case 'starting':
      return ageSeconds <= STARTING_FOR ? understood({ kind: 'running', direction }) : failed(`${CMDLET[direction]} never began`);
    case 'started':
      return alive
        ? understood({ kind: 'running', direction })
        : failed(`the process of ${CMDLET[direction]} is gone without a word`);
    case 'ended':
      return understood({ kind: 'ended', direction, failed: null });
    case 'failed':
      return failed(Buffer.from(last[1] ?? '', 'base64').toString('utf8'));
  }
  return garbage('the state file of the failover command is not understood');
}

/** What an effect says of itself; null when that is not understood. */
export function decodeTold(value: unknown): Told | null {
  const read = z
    .union([
      z.strictObject({ kind: z.literal('accepted') }),
      z.strictObject({ kind: z.literal('refused'), because: z.string().min(1) }),
    ])
    .safeParse(value);
  return read.success ? read.data : null;
}
