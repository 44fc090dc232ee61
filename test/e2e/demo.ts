import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { Emulator } from './emulator.ts';
import { startLifeguard } from './lifeguard.ts';
import { prepare } from './machine.ts';

const out = (line: string): void => void process.stdout.write(`${line}\n`);

/** A workspace that is not there, the real program in it, and simulated pools: to be clicked in a browser. */
prepare({ browser: false });
const folder = mkdtempSync(join(tmpdir(), 'lifeguard-demo-'));
const emulator = await Emulator.start(folder, 'socket');
const lifeguard = await startLifeguard({ folder, slack: { emulator, port: null }, speed: 60 });
out(`Open ${emulator.address} in a browser. Nothing in it is real; time runs 60 times as fast as outside.

1. Act as Dana, and type into #lync-ops:   /pool upgrade pool01
2. Act as Omar, open the thread under the card, and click Approve.
3. Act as Dana: when the servers are stopped the card has the buttons Patched fe1 and Patched fe2.
   Anybody: /pool status pool01, /pool why pool01, /pool help; or lifeguard under Apps for a page of one's own.

Weather may be typed here: ! readiness Busy, ! down fe4, ! stuck fe2, ! kill, +20m. Ctrl+C ends it all.`);
const lines = createInterface({ input: process.stdin });
lines.on('line', (line) => lifeguard.type(line));
await new Promise<void>((resolve) => {
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve());
});
lines.close();
process.stdin.destroy();
await lifeguard.end();
await emulator.end();
rmSync(folder, { recursive: true, force: true });
