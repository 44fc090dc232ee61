/**
 * A process that writes runs, or operations on whole pools, until it is killed. Line by line it says what it has been promised: `opening`, `open` or
 * `refused <why>`, then the number of each event whose append came back.
 */
import { writeSync } from 'node:fs';
import { RecordRefused } from '../../../src/adapters/store/opened.ts';
import { openStore } from '../../../src/adapters/store/sqlite.ts';
import { operationsAsRuns } from './as-runs.ts';
import { delivery, event, POOL01, reading } from './samples.ts';

const [file = '', appends = '0', of = 'runs'] = process.argv.slice(2);
/** Straight to the descriptor: a line that was written is out, whatever happens next. */
const say = (line: string) => writeSync(1, `${line}\n`);

say('opening');
try {
  const record = await openStore(file);
  const store = of === 'operations' ? operationsAsRuns(record) : record;
  say('open');
  const opened = await store.openRun(POOL01, event('requested', 0), delivery('D0'));
  if (opened.kind !== 'opened') throw new Error(opened.kind);
  for (let seq = 1; seq <= Number(appends); seq += 1) {
    // Some pages long, so that a write cut in the middle would show.
    const noted = event('noted', seq, { text: `${seq} `.repeat(8_000), last: seq });
    if ((await store.append(opened.run, seq, noted, delivery(`D${seq}`))) !== 'appended') throw new Error('lost');
    await store.addReading(POOL01, reading(seq, 'Busy'));
    say(String(seq));
  }
  // Holds the record open until it is killed.
  setInterval(() => {}, 60_000);
} catch (error) {
  if (!(error instanceof RecordRefused)) throw error;
  say(`refused ${error.message}`);
}
