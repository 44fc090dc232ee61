import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { accessSync, chownSync, constants, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { createInterface } from 'node:readline';

/** A PostgreSQL server of our own, which nobody else uses and nothing outlives. */
export interface Postgres {
  /** Of its administrator, to the database `postgres`. */
  readonly url: string;
  /** Stops it as an administrator would, so that every session is ended, and starts it at the same address. */
  restart(): Promise<void>;
  /** Stops it and removes its data. */
  stop(): Promise<void>;
}

const USER = 'lifeguard';
/** Far beyond what any of these steps takes. */
const TIME_LIMIT_MS = 60_000;
const READY = 'database system is ready to accept connections';

/** Starts a throw-away server on 127.0.0.1 from this machine's PostgreSQL; null when it has none. */
export async function startPostgres(): Promise<Postgres | null> {
  const binaries = findBinaries();
  if (binaries === null) return null;
  const folder = mkdtempSync(join(tmpdir(), 'lifeguard-postgres-'));
  const account = accountFor(folder);
  const password = randomBytes(12).toString('hex');
  const data = join(folder, 'data');
  makeCluster(binaries, folder, data, password, account);
  const port = await freePort();
  const run = () => runServer(join(binaries, 'postgres'), data, port, account);
  let server = await run();
  const kill = () => server.kill('SIGQUIT');
  process.on('exit', kill);
  return {
    url: `postgres://${USER}:${password}@127.0.0.1:${port}/postgres`,
    restart: async () => {
      await stopServer(server);
      server = await run();
    },
    stop: async () => {
      await stopServer(server);
      process.off('exit', kill);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

type Account = Readonly<{ uid: number; gid: number }> | Readonly<Record<string, never>>;

/** The folder of `initdb` and `postgres`: on the path, or where Debian puts them, the newest first. */
function findBinaries(): string | null {
  const onPath = (process.env['PATH'] ?? '').split(delimiter).filter((folder) => folder !== '');
  const debian = '/usr/lib/postgresql';
  const versions = isThere(debian) ? readdirSync(debian).toSorted((left, right) => Number(right) - Number(left)) : [];
  const folders = [...onPath, ...versions.map((version) => join(debian, version, 'bin'))];
  const suffix = process.platform === 'win32' ? '.exe' : '';
  return folders.find((folder) => ['initdb', 'postgres'].every((name) => isThere(join(folder, name + suffix)))) ?? null;
}

function isThere(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** PostgreSQL refuses to run as root: then it runs as somebody with fewer rights, who is given the folder. */
function accountFor(folder: string): Account {
  if (process.getuid?.() !== 0) return {};
  const idOf = (flag: string, name: string) =>
    Number(execFileSync('id', [flag, name], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }));
  for (const name of ['postgres', 'nobody']) {
    try {
      const account = { uid: idOf('-u', name), gid: idOf('-g', name) };
      chownSync(folder, account.uid, account.gid);
      return account;
    } catch {
      // There is no such account here: the next one.
    }
  }
  throw new Error('PostgreSQL does not run as root, and there is no account postgres or nobody');
}

function makeCluster(binaries: string, folder: string, data: string, password: string, account: Account): void {
  const secret = join(folder, 'password');
  writeFileSync(secret, password);
  const options = ['-U', USER, `--pwfile=${secret}`, '--auth=scram-sha-256', '-E', 'UTF8', '--locale=C'];
  execFileSync(join(binaries, 'initdb'), ['-D', data, ...options], {
    ...account,
    cwd: folder,
    stdio: ['ignore', 'ignore', 'inherit'],
    timeout: TIME_LIMIT_MS,
  });
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}

/** Comes back when the server takes connections. */
async function runServer(postgres: string, data: string, port: number, account: Account): Promise<ChildProcess> {
  const settings = ['listen_addresses=127.0.0.1', `port=${port}`, 'unix_socket_directories=', 'log_destination=stderr'];
  const args = ['-D', data, ...settings.flatMap((setting) => ['-c', setting])];
  const server = spawn(postgres, args, { ...account, cwd: data, stdio: ['ignore', 'ignore', 'pipe'] });
  const said: string[] = [];
  const ready = Promise.withResolvers<void>();
  const log = createInterface({ input: server.stderr });
  log.on('line', (line) => {
    said.push(line);
    if (line.includes(READY)) ready.resolve();
  });
  server.once('error', ready.reject);
  server.once('exit', () => ready.reject(new Error(`PostgreSQL did not start:\n${said.join('\n')}`)));
  await ready.promise;
  return server;
}

/** Ends every session and then itself. */
async function stopServer(server: ChildProcess): Promise<void> {
  if (server.exitCode !== null || server.signalCode !== null) return;
  const exited = once(server, 'exit', { signal: AbortSignal.timeout(TIME_LIMIT_MS) });
  server.kill('SIGINT');
  await exited;
}
