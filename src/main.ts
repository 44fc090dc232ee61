import { parseArgs } from 'node:util';
import { play } from './session/play.ts';

const { values, positionals } = parseArgs({
  args: process.argv.slice(2),
  allowPositionals: true,
  options: { events: { type: 'boolean', default: false }, through: { type: 'string' }, speed: { type: 'string' } },
});
const out = (line: string) => process.stdout.write(`${line}\n`);
const err = (line: string) => process.stderr.write(`${line}\n`);
const [verb, file = ''] = positionals;
if (verb === 'play')
  process.exitCode = await play({
    file,
    events: values.events,
    powershell: values.through === 'powershell' ? (process.env['LIFEGUARD_TEST_POWERSHELL'] ?? 'pwsh') : null,
    out,
    err,
  });
