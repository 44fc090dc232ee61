import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { type PoolConnection, reachPools } from '../../src/adapters/powershell/connections.ts';
import type { PoolModel } from '../../src/adapters/simulator/model.ts';
import type { SimulatedReach, StandingOn } from '../../src/adapters/simulator/through-powershell.ts';
import type { ServerFqdn } from '../../src/domain/pool.ts';
import { powershell, skip } from './find.ts';

const SSHD = ['/usr/sbin/sshd', '/usr/local/sbin/sshd'].find((path) => existsSync(path)) ?? null;
const hasSsh = spawnSync('ssh', ['-V'], { stdio: 'ignore' }).status === 0;
if (skip !== false || SSHD === null || !hasSsh)
  throw new Error('NO SSH: these suites take an sshd, an ssh and a PowerShell, and one of them is not on this machine');

/** What stands behind the sshd instead of an unrestricted PowerShell: a session configuration file. */
export interface SshOptions {
  readonly configurationFile?: string;
}

/** Which simulated servers stand behind an sshd besides those that there are: joining the first pool later. */
export interface SimulatedSshOptions extends SshOptions {
  readonly joining?: readonly ServerFqdn[];
}

/** An sshd on loopback addresses of its own, one for each server, with a PowerShell that has these variables behind it. */
export interface Sshd {
  readonly port: number;
  readonly user: string;
  readonly key: string;
  readonly knownHosts: string;
  readonly addresses: ReadonlyMap<ServerFqdn, string>;
  close(): Promise<void>;
}

/** An sshd refuses more (`MAX_LISTEN_SOCKS` in its source); further servers have another one. */
const ADDRESSES_MAX = 16;

/** Starts it, with as many processes as it takes. Every server's key is known by the server's own name, as an operator would have it. */
export async function startSshd(
  servers: ReadonlyMap<ServerFqdn, Readonly<Record<string, string>>>,
  { configurationFile }: SshOptions = {},
): Promise<Sshd> {
  if (SSHD === null) throw new Error('there is no sshd');
  const folder = mkdtempSync(join(tmpdir(), 'lifeguard-sshd-'));
  for (const name of ['host', 'client']) spawnSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', join(folder, name)]);
  const [type, publicKey] = readFileSync(join(folder, 'host.pub'), 'utf8').split(' ');
  const addresses = new Map([...servers.keys()].map((server, index) => [server, `127.0.1.${index + 1}`]));
  const known = [...servers.keys()].map((server) => `${server} ${type} ${publicKey}\n`);
  writeFileSync(join(folder, 'known_hosts'), known.join(''));
  writeFileSync(join(folder, 'authorized_keys'), readFileSync(join(folder, 'client.pub')));
  const port = await freePort();
  const restricted = configurationFile === undefined ? '' : ` -ConfigurationFile ${configurationFile}`;
  const lines = [
    `HostKey ${join(folder, 'host')}`,
    `AuthorizedKeysFile ${join(folder, 'authorized_keys')}`,
    'StrictModes no',
    'UsePAM no',
    'PidFile none',
    'PasswordAuthentication no',
    'KbdInteractiveAuthentication no',
    `Subsystem powershell ${powershell} -sshs -NoLogo -NoProfile${restricted}`,
  ];
  // Root's sshd puts its first steps into this folder, which a machine without a running one has not made.
  if (userInfo().uid === 0) mkdirSync('/run/sshd', { recursive: true });
  chmodSync(folder, 0o700);
  const all = [...servers].map(([server, variables]) => ({ address: addresses.get(server) ?? '', variables }));
  const daemons = await Promise.all(
    Array.from({ length: Math.ceil(all.length / ADDRESSES_MAX) }, (_, index) => {
      const some = all.slice(index * ADDRESSES_MAX, (index + 1) * ADDRESSES_MAX);
      const listens = some.map(({ address }) => `ListenAddress ${address}:${port}`);
      const config = join(folder, `sshd_config_${index}`);
      writeFileSync(config, [...listens, ...lines, ...some.map(environmentOf)].map((line) => `${line}\n`).join(''));
      return startDaemon(SSHD, config, some.length);
    }),
  );
  return {
    port,
    user: userInfo().username,
    key: join(folder, 'client'),
    knownHosts: join(folder, 'known_hosts'),
    addresses,
    close: async () => {
      await Promise.all(daemons.map((stop) => stop()));
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** What the PowerShell that is reached at this address has in its environment. */
function environmentOf({ address, variables }: { address: string; variables: Readonly<Record<string, string>> }): string {
  const pairs = Object.entries(variables).map(([name, value]) => `"${name}=${value}"`);
  return `Match LocalAddress ${address}\n  SetEnv ${pairs.join(' ')}`;
}

/** Starts an sshd and waits until it listens at so many addresses; what ends it. */
async function startDaemon(executable: string, config: string, addresses: number): Promise<() => Promise<void>> {
  const daemon = spawn(executable, ['-D', '-e', '-f', config], { stdio: ['ignore', 'ignore', 'pipe'] });
  const ended = once(daemon, 'exit');
  let waiting = addresses;
  for await (const line of createInterface({ input: daemon.stderr })) {
    if (/^Server listening on/.test(line)) waiting -= 1;
    if (waiting === 0) break;
  }
  if (waiting > 0) throw new Error('sshd did not begin to listen');
  return async () => {
    daemon.kill('SIGTERM');
    await ended;
  };
}

/** Every simulated server behind an sshd of its own address, reached as the configuration of a real one would reach it. */
export async function overSsh(
  pools: readonly PoolModel[],
  standingOn: StandingOn,
  { joining = [], ...options }: SimulatedSshOptions = {},
): Promise<SimulatedReach> {
  const variables = new Map(
    pools.flatMap((pool, index) =>
      [...pool.computers(), ...(index === 0 ? joining : [])].map((server) => [server, withOptOut(standingOn(server, pool))]),
    ),
  );
  const { port, user, key, knownHosts, addresses, close } = await startSshd(variables, options);
  const connections = new Map(
    pools.map((pool): [typeof pool.fqdn, PoolConnection] => [
      pool.fqdn,
      { kind: 'ssh', servers: pool.computers(), user, key, knownHosts, port, addresses },
    ]),
  );
  return { reach: reachPools(connections, { ssh: powershell, others: powershell }), close };
}

const withOptOut = (variables: Readonly<Record<string, string>>) => ({ ...variables, POWERSHELL_TELEMETRY_OPTOUT: '1' });

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  return typeof address === 'object' && address !== null ? address.port : 0;
}
