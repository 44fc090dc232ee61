import { leftWorks, withoutLeft } from './carried.ts';
import { closeGate } from './evolve-approval.ts';
import { withoutLateYes } from './evolve-person.ts';
import type { HoldReason } from './hold.ts';
import { type ServerFqdn, shortName } from './pool.ts';
import { isRestart, markOf } from './purpose.ts';
import { type DomainWork, openGate, type Run, type ServerWork } from './run.ts';
import { advanced, hookRan, isOut, mark, onlyBegun, outOf, withoutServer } from './server-work.ts';
import type { ServerSighting } from './sighting.ts';
import { sameBoot } from './step.ts';
import type { Instant } from './time.ts';

/**
 * What somebody else did to a server that this run has down: by its boot time and its services, against what was seen just
 * before it was taken down. Null: nothing, or nothing that can be told. A new version alone is what is waited for.
 */
export function changedByHand(
  own: ServerWork,
  { answer, patchLevel }: ServerSighting,
  run: Pick<Run, 'request'>,
): HoldReason | null {
  const { server, asFound } = own;
  if (answer === null || asFound === undefined) return null;
  const { bootTime, services } = answer;
  const restarted = !sameBoot(bootTime, asFound.bootTime);
  const running = services === 'Running' || services === 'StartPending';
  if (!restarted && !running) return null;
  const found = [...(restarted ? ['it was restarted'] : []), ...(running ? [`its services are ${services}`] : [])];
  if (isRestart(run))
    return { kind: 'changed-by-hand', server, seen: found, restarted, running, patched: false, bootTime, inRestart: true };
  const raised = patchLevel === null || asFound.level === null ? null : patchLevel !== asFound.level;
  const seen = [
    ...found,
    ...(raised === true ? [`its version is ${patchLevel}, and was ${asFound.level}`] : []),
    ...(raised === false ? [`its version is still ${asFound.level}`] : []),
    ...(raised === null ? ['its version cannot be told'] : []),
  ];
  return { kind: 'changed-by-hand', server, seen, restarted, running, patched: own.patched || raised, bootTime };
}

/** A server that nobody has taken down yet, and that already has what this run's update brought to others. */
export function patchedByHand({ patchedTo }: Run, { server, answer, patchLevel }: ServerSighting): HoldReason | null {
  if (answer === null || patchedTo === null || patchLevel !== patchedTo) return null;
  const seen = [`its version is ${patchLevel} already, as on the servers that this run has patched`];
  const { bootTime } = answer;
  return { kind: 'changed-by-hand', server, seen, restarted: false, running: true, patched: true, bootTime };
}

/** The server that an `adopt` may be about, and what it would take as done; null when nothing can be adopted. */
export function adoptable(run: Run): ServerFqdn | null {
  const { held, work, ended } = run;
  if (ended !== null) return null;
  if (held === null) return leftFailedOver(run);
  const { reason } = held;
  if (reason.kind === 'changed-by-hand') return reason.server;
  if (work === null) return null;
  if (reason.kind === 'hook-failed') return reason.server;
  const aboutStep = reason.kind === 'step-unclear' || reason.kind === 'step-refused';
  return aboutStep && reason.step.action === 'hook' ? reason.step.server : null;
}

/** A server that somebody, or a run that nobody knows of any more, has failed over and left; only while nothing is under way. */
function leftFailedOver({ plan, work, settling, aborting, lastSeen, settings }: Run): ServerFqdn | null {
  const idle = plan !== null && work === null && settling === null && aborting === null;
  return idle && settings.procedure === 'server-failover' ? (lastSeen?.disabled?.[0] ?? null) : null;
}

/** It is taken from where FailOver has left it: it is failed back, and counts as not upgraded. */
function takeBack(run: Run, server: ServerFqdn, at: Instant): Run {
  const evidence = run.lastSeen;
  if (evidence === null) throw new Error(`"adopted" ${server} cannot follow: nothing was seen`);
  const earlier = leftWorks(run.request.carried).find((each) => each.servers.some((own) => own.server === server)) ?? null;
  const own = earlier?.servers.find((each) => each.server === server);
  const left = own === undefined ? {} : outOf(own);
  const servers = [{ server, stage: 'booting', since: at, patched: false, startTried: false, ...left } as const];
  const upgradeDomain = { name: shortName(server), servers: [server] };
  const idle = { started: null, timesNotDone: 0, approved: false, fabricAtFirstStop: null, immediate: 'no' } as const;
  const gates =
    openGate(run) === null ? run : closeGate(run, { kind: 'void', because: [`${shortName(server)} is failed back first`] }, at);
  return {
    ...gates,
    request: withoutLeft(run.request, earlier),
    downByUs: [...withoutServer(run.downByUs, server), server],
    seen: null,
    seenServers: [],
    work: { upgradeDomain, servers, evidence, ...idle, ...markOf(run) },
  };
}

/** Goes on from where somebody else has brought the server. */
export function adopt(run: Run, server: ServerFqdn, at: Instant): Run {
  const { work, held } = run;
  if (adoptable(run) !== server) throw new Error(`"adopted" ${server} cannot follow`);
  if (held === null) return takeBack(run, server, at);
  const goesOn = { ...run, held: null, seen: null, seenServers: [], checkingSince: at };
  const { reason } = held;
  const own = work?.servers.find((each) => each.server === server);
  if (work === null || own === undefined) return upgradedAlready(goesOn, server);
  if (reason.kind !== 'changed-by-hand') {
    const servers = hookRan(run.settings, work.servers, server, hookIn(reason) ?? 'after');
    return withoutLateYes({ ...goesOn, work: { ...work, servers, started: null, timesNotDone: 0 } }, 'held', at);
  }
  if (own.stage === 'up' && !isOut(own) && !run.downByUs.includes(server)) return upgradedAlready(goesOn, server);
  const { running, restarted, patched, bootTime, inRestart } = reason;
  // With nothing of its domain down the others come in their turn.
  const whole = work.servers.every((each) => each.stage === 'up' && !run.downByUs.includes(each.server));
  const known: DomainWork = {
    ...work,
    servers: mark(whole ? onlyBegun(work, at) : work.servers, server, (each) => ({
      ...each,
      patched: each.patched || patched === true,
      ...(inRestart === true ? { restarted } : {}),
      asFound: { level: each.asFound?.level ?? null, bootTime },
    })),
  };
  // One that was only restarted, and not yet patched, waits for its patch as before.
  const onItsWay = running || (restarted && (patched === true || own.stage === 'patched' || inRestart === true));
  return { ...goesOn, work: onItsWay ? advanced(known, server, 'booting', at) : known };
}

/** It was never down, and nothing is left to be done on it. */
function upgradedAlready(run: Run, server: ServerFqdn): Run {
  const { work } = run;
  const rest = work?.servers.filter((each) => each.server !== server) ?? [];
  const upgraded = [...withoutServer(run.upgraded, server), server];
  return { ...run, upgraded, work: work === null || rest.length === 0 ? null : { ...work, servers: rest } };
}

const hookIn = (reason: HoldReason): 'before' | 'after' | null => {
  if (reason.kind === 'hook-failed') return reason.hook;
  const aboutStep = reason.kind === 'step-unclear' || reason.kind === 'step-refused';
  return aboutStep && reason.step.action === 'hook' ? reason.step.hook : null;
};
