/**
 * A Lifeguard that does nothing but wait, lead and write, until it is killed. Line by line it says `waiting`, `leads`, the
 * number of each event whose append came back, and when it is over `lost` and then what became of one more write.
 */
import { writeSync } from 'node:fs';
import { openPostgres } from '../../../src/adapters/store/postgres.ts';
import { delivery, event, POOL01 } from './samples.ts';

const [url = '', doing = ''] = process.argv.slice(2);
/** Straight to the descriptor: a line that was written is out, whatever happens next. */
const say = (line: string) => writeSync(1, `${line}\n`);

const over = Promise.withResolvers<void>();
const store = await openPostgres({
  url,
  waiting: () => say('waiting'),
  lost: () => {
    say('lost');
    over.resolve();
  },
  signal: new AbortController().signal,
});
say('leads');
const [active] = await store.activeRuns();
const run = active?.run ?? 1;
if (active === undefined) await store.openRun(POOL01, event('requested', 0), null);
const append = async (): Promise<number> => {
  const { length } = await store.read(run);
  const written = await store.append(run, length, event('noted', length, { by: process.pid }), delivery(`D${length}`));
  if (written !== 'appended') throw new Error(written);
  return length;
};

try {
  while (doing === 'writes') say(String(await append()));
} catch {
  // What a write that fails means, the loss tells.
}
await over.promise;
say(
  await append().then(
    () => 'written all the same',
    () => 'refused',
  ),
);
await store.close();
