import { CHECK_NAMES, type CheckName } from '../domain/checks.ts';
import type { ManagedPool } from '../domain/inventory.ts';
import type { OperationCheckName } from '../domain/operation.ts';
import { type PersonId, type ServerFqdn, shortName } from '../domain/pool.ts';
import { isRestart } from '../domain/purpose.ts';
import { frozenLines } from '../messages/freeze-words.ts';
import { operationName } from '../messages/operation-words.ts';
import { voiceForAll } from '../messages/words.ts';
import type { Delivery } from '../ports.ts';
import { authorize, isListed, mayUse } from './authorize.ts';
import { begin, UPGRADE } from './begin.ts';
import { type Desk, type KnownRun, type Outcome, told } from './desk.ts';
import { freeze, thaw } from './freeze.ts';
import { COMMANDS, type Command, nearest, parse } from './grammar.ts';
import { mute, unmute } from './mute.ts';
import { resolvePool, resolveServer } from './names.ts';
import { operate, operationCheck, steerOperation, tickOperation } from './operation.ts';
import { adopt, JudgeAgain, patched, tick } from './orders.ts';
import { steer } from './orders-steer.ts';
import { answer } from './questions.ts';
import { shown } from './quoted.ts';
import { rehearse } from './rehearse.ts';
import { restart } from './restart.ts';
import { approve, deny } from './votes.ts';

/** How often a command is judged again because its run moved on; a run never moves that fast for long. */
const JUDGED_MAX = 20;

/** One line from a person, from its text to what came of it. Every line gets an answer. */
export async function handle(text: string, by: PersonId, delivery: Delivery, desk: Desk): Promise<Outcome> {
  const parsed = parse(text);
  if (!isListed(by, desk.pools)) return told(null, `You are ${by} to Lifeguard, and no pool lists you: you may do nothing here.`);
  if (parsed.kind === 'misread') return told(null, parsed.tell);
  for (let times = 0; times < JUDGED_MAX; times += 1) {
    try {
      return await carryOut(parsed.command, by, delivery, desk);
    } catch (error) {
      if (!(error instanceof JudgeAgain)) throw error;
    }
  }
  throw new Error(`"${parsed.command.kind}" was judged ${JUDGED_MAX} times and its run moved on each time`);
}

async function carryOut(command: Command, by: PersonId, delivery: Delivery, desk: Desk): Promise<Outcome> {
  switch (command.kind) {
    case 'help':
      return help(command.about, by, desk);
    case 'pools':
      return pools(by, desk);
    case 'whoami':
      return whoami(by, desk);
    case 'approve':
      return approve(command.code, by, delivery, desk);
    case 'deny':
      return deny(command.words, by, delivery, desk);
    case 'freeze':
      return freeze(command.because, by, delivery, desk);
    case 'thaw':
      return thaw(by, delivery, desk);
    case 'adopt':
      return aboutServer(command.server, by, desk, (server, run, pool) => adopt(server, run, pool, by, delivery, desk));
    case 'patched':
      return aboutServer(command.server, by, desk, (server, run, pool) => patched(server, run, pool, by, delivery, desk));
    case 'tick':
      return onTick(command, by, delivery, desk);
    case 'upgrade':
      return onPool(command.pool, by, 'operate', desk, (pool) => begin(command, UPGRADE, pool, by, delivery, desk));
    case 'restart':
      return onPool(command.pool, by, 'operate', desk, (pool) => restart(command, pool, by, delivery, desk));
    case 'failover':
    case 'failback':
    case 'start':
    case 'recover':
    case 'reset':
      return onPool(command.pool, by, 'operate', desk, (pool) => operate(command, pool, by, delivery, desk));
    case 'rehearse':
      return onPool(command.pool, by, 'view', desk, (pool) => rehearse(command, pool, desk));
    case 'mute':
      return onPool(command.pool, by, 'operate', desk, (pool) => mute(command, pool, by, delivery, desk));
    case 'unmute':
      return onPool(command.pool, by, 'operate', desk, (pool) => unmute(pool, delivery, desk));
    case 'pause':
    case 'resume':
    case 'retry':
    case 'abort':
      return steerAtHand(command, by, delivery, desk);
    default:
      return onPool(command.pool, by, 'view', desk, (pool) => answer(command.kind, pool, desk));
  }
}

type Needs = Parameters<typeof authorize>[1];

async function onPool(
  word: string | null,
  by: PersonId,
  needs: Needs,
  desk: Desk,
  act: (pool: ManagedPool) => Promise<Outcome>,
): Promise<Outcome> {
  const resolved = resolvePool(word, word === null ? await poolsAtHand(desk) : desk.pools);
  if (resolved.kind === 'unknown') return told(null, resolved.tell);
  const may = authorize(by, needs, resolved.value);
  return may.kind === 'refused' ? told(resolved.value, `Not allowed: ${may.because}. Nothing was changed.`) : act(resolved.value);
}

/** Without a name the pool that is being worked on is meant, if there is just one. */
async function poolsAtHand(desk: Desk): Promise<readonly ManagedPool[]> {
  const active = (await desk.activeRuns()).map(({ state }) => state.request.pool);
  for (const { fqdn } of desk.pools) if ((await desk.activeOperation(fqdn)) !== null) active.push(fqdn);
  const busy = desk.pools.filter(({ fqdn }) => active.includes(fqdn));
  return busy.length > 0 ? busy : desk.pools;
}

/** An operation on the whole pool goes before the run that waits behind it. */
async function steerAtHand(
  command: Command & { kind: 'pause' | 'resume' | 'retry' | 'abort' },
  by: PersonId,
  delivery: Delivery,
  desk: Desk,
): Promise<Outcome> {
  return onPool(command.pool, by, 'operate', desk, async (pool) => {
    const operation = await desk.activeOperation(pool.fqdn);
    if (operation !== null) return steerOperation(command, operation, pool, by, delivery, desk);
    return onRun(shortName(pool.fqdn), by, desk, (run) => steer(command, run, pool, by, delivery, desk));
  });
}

async function onRun(
  word: string | null,
  by: PersonId,
  desk: Desk,
  act: (run: KnownRun, pool: ManagedPool) => Promise<Outcome>,
): Promise<Outcome> {
  return onPool(word, by, 'operate', desk, async (pool) => {
    const run = (await desk.activeRuns()).find(({ state }) => state.request.pool === pool.fqdn);
    return run === undefined ? told(pool, `${shortName(pool.fqdn)} is not being upgraded. Nothing was changed.`) : act(run, pool);
  });
}

/** The pool is found by the server: every server a look or a run has shown. */
async function aboutServer(
  word: string,
  by: PersonId,
  desk: Desk,
  act: (server: ServerFqdn, run: KnownRun | null, pool: ManagedPool) => Promise<Outcome>,
): Promise<Outcome> {
  const runs = await desk.activeRuns();
  const known: { pool: ManagedPool; run: KnownRun | null; servers: readonly ServerFqdn[] }[] = [];
  for (const pool of desk.pools) {
    const run = runs.find(({ state }) => state.request.pool === pool.fqdn) ?? null;
    known.push({ pool, run, servers: run?.state.plan?.topology.servers ?? (await desk.lastLook(pool.fqdn))?.computers ?? [] });
  }
  const resolved = resolveServer(
    word,
    known.flatMap(({ servers }) => servers),
  );
  if (resolved.kind === 'unknown') return told(null, resolved.tell);
  const home = known.find(({ servers }) => servers.includes(resolved.value));
  if (home === undefined) return told(null, `There is no server "${shown(word)}". Nothing was changed.`);
  const may = authorize(by, 'operate', home.pool);
  return may.kind === 'refused'
    ? told(home.pool, `Not allowed: ${may.because}. Nothing was changed.`)
    : act(resolved.value, home.run, home.pool);
}

const isRunCheck = (check: CheckName | OperationCheckName): check is CheckName => CHECK_NAMES.some((each) => each === check);

/** What an operation waits for is ticked for its pool; null where none is under way that could be meant. */
async function operationAtHand(
  check: OperationCheckName,
  word: string | null,
  by: PersonId,
  delivery: Delivery,
  desk: Desk,
): Promise<Outcome | null> {
  const busy: ManagedPool[] = [];
  for (const pool of desk.pools) if ((await desk.activeOperation(pool.fqdn)) !== null) busy.push(pool);
  const named = word === null ? null : resolvePool(word, desk.pools);
  if (busy.length === 0 || named?.kind === 'unknown') return null;
  const [only, ...others] = busy;
  const meant = word ?? (only === undefined || others.length > 0 ? null : shortName(only.fqdn));
  return onPool(meant, by, 'operate', desk, async (pool) => {
    const known = await desk.activeOperation(pool.fqdn);
    if (known !== null) return tickOperation(check, known, pool, by, delivery, desk);
    return told(pool, `There is nothing to tick: ${check} does not wait for a person. Nothing was changed.`);
  });
}

/** What is ticked is a server's, or the whole pool's when no server is named. */
async function onTick(
  { check, server }: Command & { kind: 'tick' },
  by: PersonId,
  delivery: Delivery,
  desk: Desk,
): Promise<Outcome> {
  const ofOperation = operationCheck(check);
  const atHand = ofOperation === null ? null : await operationAtHand(ofOperation, server, by, delivery, desk);
  if (atHand !== null) return atHand;
  // `back-end-reachable` is the name of a check of both.
  if (!isRunCheck(check))
    return told(null, `There is nothing to tick: ${check} does not wait for a person. Nothing was changed.`);
  const pool = server === null ? null : resolvePool(server, desk.pools);
  if (server === null || pool?.kind === 'found')
    return onRun(server, by, desk, (run, ofRun) => tick(check, null, run, ofRun, by, delivery, desk));
  return aboutServer(server, by, desk, (found, run, home) =>
    run === null
      ? Promise.resolve(told(home, `${shortName(home.fqdn)} is not being upgraded. Nothing was changed.`))
      : tick(check, found, run, home, by, delivery, desk),
  );
}

/** What a command does, as far as a list of all has room for it: `help` and its name say the rest. */
const inShort = (about: string): string => about.replace(/(?:[:;]| \(|\. ).*$/su, '').replace(/\.?$/u, '.');

/** The commands that this person may use somewhere, or one of them explained. */
function help(about: string | null, by: PersonId, desk: Desk): Outcome {
  const may = COMMANDS.filter(({ needs }) => mayUse(by, needs, desk.pools));
  if (about === null) return told(null, 'Commands', ...may.map((entry) => `${entry.usage} - ${inShort(entry.about)}`));
  const entry = COMMANDS.find(({ verb }) => verb === about.toLowerCase());
  if (entry === undefined) {
    const verbs = may.map(({ verb }) => verb);
    return told(null, `There is no command "${shown(about)}". Nearest: ${nearest(about, verbs).join(', ')}.`);
  }
  const needs = entry.needs === null ? 'anybody who is listed' : `who has the right to ${entry.needs}`;
  return told(null, entry.usage, entry.about, `Who may: ${needs}.`, `Example: ${entry.example}`);
}

async function pools(by: PersonId, desk: Desk): Promise<Outcome> {
  const runs = await desk.activeRuns();
  const seen = desk.pools.filter((pool) => authorize(by, 'view', pool).kind === 'allowed');
  const frozen = await desk.freeze();
  const active = new Map(await Promise.all(seen.map(async ({ fqdn }) => [fqdn, await desk.activeOperation(fqdn)] as const)));
  const lines = seen.map((pool) => {
    const operation = active.get(pool.fqdn)?.state ?? null;
    const run = runs.find(({ state }) => state.request.pool === pool.fqdn);
    const paired = pool.backupPool === null ? 'not paired' : `paired with ${shortName(pool.backupPool)}`;
    return `${shortName(pool.fqdn)}: ${pool.version}, ${paired}${run === undefined ? '' : `, being ${isRestart(run.state) ? 'restarted' : 'upgraded'} (asked for by ${run.state.request.by})`}${operation === null ? '' : `, ${operationName(operation.request)} (asked for by ${operation.request.by})`}`;
  });
  const title = `${lines.length} pool${lines.length === 1 ? '' : 's'}`;
  return told(null, title, ...frozenLines(frozen, voiceForAll(desk.pools)), ...lines);
}

function whoami(by: PersonId, desk: Desk): Outcome {
  const lines = desk.pools.map((pool) => `${shortName(pool.fqdn)}: ${[...(pool.rights.get(by) ?? [])].join(', ') || 'nothing'}`);
  return told(null, `You are ${by}`, ...lines);
}
