import type { Freeze } from '../domain/freeze.ts';
import { type ManagedPool, peopleWith } from '../domain/inventory.ts';
import {
  needsTwo,
  type OpenedOperationGate,
  type Operation,
  type OperationEnding,
  type OperationFinding,
  type OperationHold,
} from '../domain/operation.ts';
import { againstIt, findingsOf } from '../domain/operation-checks.ts';
import type { PersonId } from '../domain/pool.ts';
import { shortName } from '../domain/pool.ts';
import type { Button, Card } from './card.ts';
import { frozenLines } from './freeze-words.ts';
import {
  COSTS,
  operationBlocker,
  operationHoldAdvice,
  operationHoldWords,
  operationName,
  operationPhase,
  operationProgress,
  stepsInWords,
} from './operation-words.ts';
import { evidenceLines } from './request-card.ts';
import { markSpan, personSpan } from './spans.ts';
import { clockTime, titled, withoutPrompt } from './words.ts';

/** The key of an operation's live card, which everything else about it stands under. */
export const operationKey = (operation: number): string => `op-${operation}`;
/** The key of one of its requests. */
export const operationRequestKey = (operation: number, attempt: number): string => `op-${operation}-request-${attempt}`;

/** Who can say yes to it: those with the right, without whoever asked. */
export const operationApprovers = ({ request }: Operation, pool: ManagedPool): readonly PersonId[] =>
  peopleWith(pool, 'approve').filter((person) => person !== request.by);

/** Everything an operation has to show: one live card, its requests, and a line for each hold and for the end. */
export function cardsOfOperation(number: number, state: Operation, pool: ManagedPool, freeze: Freeze | null): readonly Card[] {
  const requests = state.gates.map((opened) => ({ at: opened.at, card: requestCard(number, opened, state, pool, freeze) }));
  const lines = state.told.map(({ seq, at, what }) => ({ at, card: toldCard(number, seq, what, state, pool) }));
  const inOrder = [...requests, ...lines].toSorted((left, right) => left.at - right.at).map(({ card }) => card);
  return [liveCard(number, state, pool, freeze), ...inOrder];
}

function liveCard(number: number, state: Operation, pool: ManagedPool, freeze: Freeze | null): Card {
  const { request, seen } = state;
  const phase = operationPhase(state);
  const findings = seen === null || phase !== 'checking' ? [] : worstFirst(findingsOf(state, seen));
  return {
    key: operationKey(number),
    under: null,
    tone: phase === 'held' ? 'alarm' : phase === 'awaiting approval' || tickable(findings).length > 0 ? 'ask' : 'calm',
    title: titleOf(`${operationName(request)}: ${phase}${freeze === null ? '' : ', frozen'}`, state, pool),
    lines: [
      ...frozenLines(freeze, pool),
      `asked for by ${request.by} at ${clockTime(state.requestedAt, pool)}`,
      ...findings.map(findingLine),
      ...state.done.map(
        ({ step, at }) => `${markSpan('done')} ${clockTime(at, pool)} ${stepsInWords(request.kind, request.pool, [step])}`,
      ),
      ...[operationProgress(state)].filter((line) => line !== null),
      ...endLines(state),
      operationBlocker(state, operationApprovers(state, pool), pool),
    ],
    buttons: state.ended === null ? [...tickable(findings).map(tickButton(pool)), ...steering(state, pool)] : [],
  };
}

const worstFirst = (findings: readonly OperationFinding[]): readonly OperationFinding[] => [
  ...againstIt(findings),
  ...findings.filter(({ verdict }) => verdict === 'ok'),
];

const titleOf = (title: string, { request: { ticket } }: Operation, pool: ManagedPool): string =>
  titled(ticket === undefined ? title : `${title} [${ticket}]`, pool);

const tickable = (findings: readonly OperationFinding[]): readonly OperationFinding[] =>
  findings.filter(({ verdict }) => verdict === 'tickable');

const findingLine = ({ check, verdict, seen, clears, ticked }: OperationFinding): string =>
  verdict === 'ok'
    ? `${markSpan(ticked ? 'ticked' : 'done')} ${check}: ${seen}`
    : `${markSpan('now')} blocks ${check}: ${seen}; clears: ${clears}`;

const tickButton =
  ({ fqdn }: ManagedPool) =>
  ({ check, seen, clears }: OperationFinding): Button => ({
    id: `tick-${check}`,
    label: `Tick ${check}`,
    command: `tick ${check} ${shortName(fqdn)}`,
    asks: null,
    confirm: `By your name: ${seen}. ${clears}.`,
  });

/** What is pressed in a hold; `abort` is there as long as it has not ended. */
function steering(state: Operation, { fqdn }: ManagedPool): readonly Button[] {
  const pool = shortName(fqdn);
  const plain = (id: string, label: string, confirm: string | null): Button => ({
    id,
    label,
    command: `${id} ${pool}`,
    asks: null,
    confirm,
  });
  return [
    ...(state.held === null ? [] : [plain('retry', 'Retry', null)]),
    plain('abort', 'Abort', `Ends it: ${abortWords(state)}.`),
  ];
}

const abortWords = ({ started }: Operation): string =>
  started === null ? 'nothing is under way' : 'what was begun goes on by itself, and nobody looks after it';

function endLines({ ended }: Operation): readonly string[] {
  if (ended === null) return [];
  const { ending } = ended;
  switch (ending.how) {
    case 'done':
      return ending.seen;
    case 'refused':
      return ending.because.map((because) => `refused: ${because}`);
    case 'aborted':
      return ending.left.length === 0 ? ['nothing was done'] : ending.left.map((each) => `left: ${each}`);
  }
}

/** A request for approval. What cannot be undone is typed by its code: it has no button to say yes by. */
function requestCard(
  number: number,
  opened: OpenedOperationGate,
  state: Operation,
  pool: ManagedPool,
  freeze: Freeze | null,
): Card {
  const { gate, findings, votes, outcome, at } = opened;
  const { request } = state;
  const what = stepsInWords(request.kind, request.pool, gate.steps);
  const who = operationApprovers(state, pool);
  const need = gate.votesNeeded === 1 ? '1 approval' : `${gate.votesNeeded} different people`;
  const typed = needsTwo(request.kind);
  const deny: Button = { id: 'deny', label: 'Deny', command: `deny ${gate.code} `, asks: 'Why not?', confirm: null };
  const approve: Button = { id: 'approve', label: 'Approve', command: `approve ${gate.code}`, asks: null, confirm: what };
  return {
    key: operationRequestKey(number, gate.attempt),
    under: operationKey(number),
    tone: outcome === null ? 'ask' : 'calm',
    title: titleOf(`Approve? ${operationName(request)}`, state, pool),
    lines: [
      ...(outcome === null ? frozenLines(freeze, pool) : []),
      what,
      ...COSTS[request.kind],
      ...(request.ticket === undefined ? [] : [`under change ticket ${request.ticket}, as ${request.by} says`]),
      `seen at ${clockTime(at, pool)}:`,
      ...evidenceLines(findings),
      `${need} by ${who.length === 0 ? 'nobody: no other person may approve' : who.map(personSpan).join(', ')}; not by ${request.by}, who asked`,
      `open until ${clockTime(gate.expiresAt, pool)}; code ${gate.code}${typed ? `: type \`approve ${gate.code}\`, there is no button` : ''}`,
      ...votes.map((vote) => `approved by ${vote.by} at ${clockTime(vote.at, pool)}`),
      ...outcomeLines(opened, pool),
    ],
    buttons: outcome === null && state.ended === null ? [...(typed ? [] : [approve]), deny] : [],
  };
}

function outcomeLines({ outcome }: OpenedOperationGate, pool: ManagedPool): readonly string[] {
  if (outcome === null) return [];
  const at = clockTime(outcome.at, pool);
  switch (outcome.kind) {
    case 'approved':
      return [`APPROVED at ${at}`];
    case 'expired':
      return [`EXPIRED at ${at}`];
    case 'denied':
      return [`DENIED by ${outcome.by} at ${at}: ${withoutPrompt(outcome.because)}`];
    case 'void':
      return [`VOID since ${at}: ${outcome.because.join('; ')}`];
  }
}

function toldCard(number: number, seq: number, what: OperationHold | OperationEnding, state: Operation, pool: ManagedPool): Card {
  const under = operationKey(number);
  const key = `${under}-${seq}`;
  const name = operationName(state.request);
  if ('how' in what) {
    const title = titleOf(`${name}: ${what.how === 'done' ? doneWords(state) : what.how}`, state, pool);
    return { key, under, tone: 'calm', title, lines: [...endLines(state), ...nextLines(state, what)], buttons: [] };
  }
  return {
    key,
    under,
    tone: 'alarm',
    title: titleOf(`${name}: held: ${operationHoldWords(what)}`, state, pool),
    lines: [
      ...(what.kind === 'findings' ? what.findings.map(findingLine) : []),
      ...operationHoldAdvice(what, state.request.kind),
    ],
    buttons: state.held?.reason === what ? steering(state, pool) : [],
  };
}

function doneWords({ request: { kind, backupPool } }: Operation): string {
  switch (kind) {
    case 'failover':
      return `done; ${backupPool === null ? 'the backup pool' : shortName(backupPool)} serves its users`;
    case 'failback':
      return 'done; its users are home';
    case 'start':
      return 'done; it runs';
    case 'recover':
      return 'done; every routing group has a primary';
    case 'reset':
      return 'done; it runs with the topology as published';
  }
}

/** What comes next, where the documents say it. */
function nextLines({ request: { kind, pool } }: Operation, { how }: OperationEnding): readonly string[] {
  if (how !== 'done' || kind !== 'failover') return [];
  const name = shortName(pool);
  return [
    `\`upgrade ${name}\` (or \`retry ${name}\`, where a run is held) upgrades it now; \`failback ${name}\` brings its users home.`,
  ];
}

/** Everything that stands against it now, for `why`. */
export function operationWhy(state: Operation, pool: ManagedPool): readonly string[] {
  const findings = state.seen === null || operationPhase(state) !== 'checking' ? [] : againstIt(findingsOf(state, state.seen));
  return [...findings.map(findingLine), operationBlocker(state, operationApprovers(state, pool), pool)];
}
