import { leftWorks } from './carried.ts';
import { shortName } from './pool.ts';
import { isRestart } from './purpose.ts';
import type { Run, ServerWork } from './run.ts';
import { isOut } from './server-work.ts';
import type { Step } from './step.ts';

/** Every server that is not as it was found, in words: what the end of a run leaves to people. */
export function leftBehind(run: Run): readonly string[] {
  const { work, downByUs, request } = run;
  const inHand = work?.started?.step ?? null;
  const worked =
    work?.servers.filter(
      (each) =>
        each.stage !== 'back' &&
        (each.stage !== 'up' || downByUs.includes(each.server) || isOut(each) || inHand?.server === each.server),
    ) ?? [];
  const elsewhere = (server: ServerWork['server']) => !work?.servers.some((each) => each.server === server);
  const down = downByUs.filter(elsewhere);
  const earlier = leftWorks(request.carried).flatMap(({ servers, started }) =>
    servers
      .filter(({ server }) => elsewhere(server) && !down.includes(server))
      .flatMap((each) => {
        const inFlight = started?.step.server === each.server ? started.step : null;
        if (inFlight === null && !isOut(each)) return [];
        return [`${shortName(each.server)}: ${inFlight === null ? outInWords(each) : toldInWords(inFlight)}`];
      }),
  );
  return [
    ...worked.map((each) => leftInWords(run, each)),
    ...down.map((server) => `${shortName(server)}: left down by an earlier run`),
    ...earlier,
  ];
}

function leftInWords(run: Run, each: ServerWork): string {
  const { work, downByUs, settings } = run;
  const { server, stage, patched } = each;
  const name = shortName(server);
  const inHand = work?.started?.step ?? null;
  const inFlight = inHand?.server === server ? inHand : null;
  if (inFlight?.action === 'hook') return `${name}: ${toldInWords(inFlight)}`;
  if (inFlight !== null && inFlight.action !== 'stop') return `${name}: ${toldInWords(inFlight)}${patched ? ', patched' : ''}`;
  if (stage === 'up') return `${name}: ${downByUs.includes(server) ? 'told to stop, not seen down' : outInWords(each)}`;
  const failedOver = settings.procedure === 'server-failover';
  const out = isOut(each) ? `; ${outInWords(each)}` : '';
  if (stage === 'booting' && !failedOver) return `${name}: told to start, not seen back${patched ? ', patched' : ''}${out}`;
  if (stage === 'booting')
    return `${name}: not seen back${patched ? ', patched' : ''}; while its services are disabled only Invoke-CsComputerFailBack brings it back${out}`;
  const off = failedOver ? ' and disabled: only Invoke-CsComputerFailBack brings it back' : '';
  if (each.restartToldFrom !== undefined) return `${name}: told to restart, not seen done${patched ? ', patched' : ''}${out}`;
  const done = isRestart(run) ? 'not restarted' : patched ? 'patched' : 'not patched';
  return `${name}: services stopped, ${done}${off}${out}`;
}

/** What a server was told, of which nobody has seen the end. */
const toldInWords = (step: Step): string =>
  `told to ${step.action === 'hook' ? `run the hook ${step.hook}` : step.action}, not seen done`;

/** What a hook has done to a server that runs. */
const outInWords = ({ prepared }: ServerWork): string =>
  prepared === true
    ? 'the hook before has run, and the one after has not'
    : 'the hook before was tried, and the one after has not run';
