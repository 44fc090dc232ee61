import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { startLifeguard } from './lifeguard.ts';
import { prepare } from './machine.ts';
import { Playground } from './playground.ts';
import { isThere, nameOf } from './playground-people.ts';

const out = (line: string): void => void process.stdout.write(`${line}\n`);

/** Microsoft's Playground, the real program in it with every request signed, and simulated pools: to be clicked in a browser. */
prepare({ browser: false });
const folder = mkdtempSync(join(tmpdir(), 'lifeguard-demo-'));
const playground = await Playground.start(folder);
const lifeguard = await startLifeguard({ folder, teams: playground, speed: 60 });
out(`Open ${playground.address} in a browser. Nothing in it is real; time runs 60 times as fast as outside.
(The Playground is Microsoft's, and other machines reach its port too: it cannot be told to listen on this one alone.)

1. Choose the channel lync-ops, write   @Lifeguard upgrade pool01   with Lifeguard chosen from the list, and click Post.
2. The page is Dana's, and nobody approves what they asked for. Type here:   as omar   and click Approve, Yes: Approve.
3. Type here:   as dana   When the servers are stopped the card has the buttons Patched fe1 and Patched fe2.
   In the Personal Chat: home for a card of one's own, status pool01, why pool01, help.

Weather may be typed here: ! readiness Busy, ! down fe4, ! stuck fe2, ! kill, +20m. Ctrl+C ends it all.`);
const lines = createInterface({ input: process.stdin });
lines.on('line', (line) => {
  const user = /^as (\w+)$/.exec(line.trim())?.[1]?.toLowerCase() ?? '';
  if (!isThere(user)) return lifeguard.type(line);
  playground.actAs(user);
  out(`Whatever is done at the page from now on is done by ${nameOf(user)}.`);
});
await new Promise<void>((resolve) => {
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve());
});
lines.close();
process.stdin.destroy();
await lifeguard.end();
await playground.end();
rmSync(folder, { recursive: true, force: true });
