import { readFileSync } from 'node:fs';
import { z } from 'zod/v4';
import { packageTeams } from './command.ts';

const program = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'));

process.exitCode = packageTeams({
  args: process.argv.slice(2),
  env: process.env,
  folder: new URL('./', import.meta.url),
  programVersion: z.object({ version: z.string() }).parse(program).version,
  out: (line) => void process.stdout.write(`${line}\n`),
  err: (line) => void process.stderr.write(`${line}\n`),
});
