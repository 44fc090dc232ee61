import { type ChildProcessByStdio, spawn } from 'node:child_process';
import type { Readable, Writable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { whyItDoesNotAnswer } from '../src/adapters/powershell/script-folder.ts';
import { minimalEnvironment } from '../src/adapters/powershell/shell.ts';
import type { SimulatedPool } from '../src/adapters/simulator/pool.ts';
import { onThisMachine, throughPowerShell } from '../src/adapters/simulator/through-powershell.ts';
import type { ServerFqdn } from '../src/domain/pool.ts';
import type { Answer, PoolReader } from '../src/ports.ts';
import { benchWorld, percentile } from './rig.ts';

/**
 * What `status` needs of a pool (readiness, services, fabric) through the warm path; beside it the same cmdlets in one
 * PowerShell that stays open, and each in a process of its own, both without a wrapper and with nobody who reads the answer.
 */
const WARM_UP = 20;
const MEASURED = 100;
const MEASURED_FRESH = 20;
const LAYOUT = { version: '2015', domains: [2, 2, 2], options: '' } as const;
const OPTIONS = ['-NoLogo', '-NoProfile', '-NonInteractive'];
const LOAD = 'Import-Module -Name SkypeForBusiness';
const END = '<<end>>';

/** The PowerShell that tests use, or the one that a real bot would. */
const executable =
  process.env['LIFEGUARD_TEST_POWERSHELL'] ||
  process.env['LIFEGUARD_POWERSHELL'] ||
  (process.platform === 'win32' ? 'powershell.exe' : 'pwsh');

type Environment = Readonly<Record<string, string>>;
/** In ms. */
type Times = Readonly<Record<'warm' | 'bare' | 'fresh', number[]>>;

/** The cmdlets with the parameters that the scripts give them, a command each. */
const commandsFor = (pool: SimulatedPool): readonly string[] => {
  const servers = pool.computers().map((server) => `'${server}'`);
  const service = 'Get-CsWindowsService -Name RTCSRV -ComputerName $server -ExcludeActivityLevel';
  return [
    'Get-CsPoolUpgradeReadinessState',
    `foreach ($server in ${servers.join(', ')}) { ${service} }`,
    `Get-CsPoolFabricState -PoolFqdn '${pool.fqdn}'`,
  ];
};

/** Throws unless all three cmdlets have printed what they should. */
function mustBeWhole(printed: string): void {
  const missing = ['PoolUpgradeState', 'RTCSRV', 'Routing group'].filter((word) => !printed.includes(word));
  if (missing.length > 0) throw new Error(`nothing was printed of ${missing.join(', ')}: ${printed.slice(0, 500)}`);
}

/** One PowerShell that stays open and takes lines. */
class Bare {
  readonly #process: ChildProcessByStdio<Writable, Readable, null>;

  constructor(environment: Environment) {
    this.#process = spawn(executable, [...OPTIONS, '-NoExit', '-Command', '-'], {
      env: { ...environment },
      stdio: ['pipe', 'pipe', 'ignore'],
    });
    this.#process.stdout.setEncoding('utf8');
  }

  ask(line: string): Promise<string> {
    const { stdin, stdout } = this.#process;
    const answer = Promise.withResolvers<string>();
    let printed = '';
    const hear = (chunk: string): void => {
      printed += chunk;
      if (!printed.includes(END)) return;
      stdout.off('data', hear);
      answer.resolve(printed);
    };
    stdout.on('data', hear);
    stdin.write(`${line}; [Console]::Out.WriteLine('${END}')\n`);
    return answer.promise;
  }
  end(): void {
    this.#process.kill('SIGKILL');
  }
}

async function fresh(command: string, environment: Environment): Promise<string> {
  const child = spawn(executable, [...OPTIONS, '-Command', `${LOAD}; ${command}`], {
    env: { ...environment },
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  return text(child.stdout);
}

function understood(...answers: readonly Answer<unknown>[]): void {
  for (const answer of answers)
    if (answer.kind !== 'understood') throw new Error(`an answer is ${answer.kind}: ${answer.because}`);
}

async function warm(reader: PoolReader, pool: SimulatedPool, ask: readonly ServerFqdn[]): Promise<void> {
  const readiness = await reader.readiness(pool.fqdn, ask);
  const services = await reader.services(pool.fqdn, ask, pool.computers());
  understood(readiness, services, await reader.fabric(pool.fqdn, ask, 'plain'));
}

async function timeOf(act: () => Promise<void>): Promise<number> {
  const from = performance.now();
  await act();
  return performance.now() - from;
}

async function compare(pool: SimulatedPool, server: ServerFqdn): Promise<readonly string[]> {
  let environment: Environment = {};
  const through = await throughPowerShell([pool], (pools, standingOn) => {
    environment = minimalEnvironment(process.env, standingOn(server, pool));
    return onThisMachine(executable)(pools, standingOn);
  });
  const bare = new Bare(environment);
  const commands = commandsFor(pool);
  const times: Times = { warm: [], bare: [], fresh: [] };
  const first = await timeOf(() => warm(through.reader, pool, [server]));
  await bare.ask(LOAD);
  for (let round = 0; round < WARM_UP + MEASURED; round += 1) {
    const ours = await timeOf(() => warm(through.reader, pool, [server]));
    const theirs = await timeOf(async () => mustBeWhole(await bare.ask(commands.join('; '))));
    if (round < WARM_UP) continue;
    times.warm.push(ours);
    times.bare.push(theirs);
  }
  for (let round = 0; round < MEASURED_FRESH; round += 1) {
    const printed: string[] = [];
    const all = async (): Promise<void> => {
      for (const command of commands) printed.push(await fresh(command, environment));
    };
    times.fresh.push(await timeOf(all));
    mustBeWhole(printed.join('\n'));
  }
  bare.end();
  await through.close();
  const asked = `a health answer (${commands.length} calls) of a simulated pool of ${pool.computers().length} servers`;
  return [
    `${asked}, ${MEASURED} times; by a process per command ${MEASURED_FRESH} times`,
    ...[50, 95].map((percent) => told(times, percent)),
    `the first answer of a new warm process, its start and the module included: ${first.toFixed(0)} ms`,
  ];
}

function told(times: Times, percent: number): string {
  const [ours, bare, fresh] = [times.warm, times.bare, times.fresh].map((each) => percentile(each, percent));
  if (ours === undefined || bare === undefined || fresh === undefined) throw new Error('nothing was measured');
  return [
    `p${percent}: warm path ${inMs(ours)}`,
    `bare PowerShell ${inMs(bare)}, ratio ${(ours / bare).toFixed(1)}`,
    `a process per command ${inMs(fresh)}, ratio ${(ours / fresh).toFixed(3)}`,
  ].join('; ');
}

const inMs = (time: number): string => `${time.toFixed(0).padStart(4)} ms`;

async function main(): Promise<readonly string[]> {
  const because = await whyItDoesNotAnswer(executable);
  if (because !== null)
    return [
      `no PowerShell, nothing was measured: ${executable} does not answer (${because}); LIFEGUARD_TEST_POWERSHELL names one`,
    ];
  const [pool] = benchWorld(1, LAYOUT).pools;
  const [server] = pool?.computers() ?? [];
  if (pool === undefined || server === undefined) throw new Error('there is no pool');
  return compare(pool, server);
}

process.stdout.write(`${(await main()).join('\n')}\n`);
