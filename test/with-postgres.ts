/** `node test/with-postgres.ts COMMAND…` runs a command with a PostgreSQL server of its own; its exit code is the command's. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { startPostgres } from './database.ts';

const [command = '', ...args] = process.argv.slice(2);
const server = await startPostgres();
if (server === null) throw new Error('there is no PostgreSQL on this machine: apt-get install postgresql');
const child = spawn(command, args, { stdio: 'inherit', env: { ...process.env, LIFEGUARD_TEST_DATABASE_URL: server.url } });
// Its end is what ends this.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => child.kill(signal));
try {
  const [code] = await once(child, 'exit');
  process.exitCode = typeof code === 'number' ? code : 1;
} finally {
  await server.stop();
}
