import { App, HTTPReceiver } from '@slack/bolt';
import { EVENTS_PATH } from '../src/adapters/slack/receivers.ts';
import { signed } from '../src/adapters/slack-simulator/signed.ts';
import { BOT, benchLifeguard, benchWorkspace, CHANNEL, freePort, percentile, SECRET } from './rig.ts';

/** From a signed slash command to its acknowledgement, while the pool hangs; beside it a bare Bolt app that does nothing else. */
const WARM_UP = 50;
const MEASURED = 500;

const workspace = await benchWorkspace();
const [ours, bare] = [await freePort(), await freePort()];
const lifeguard = await benchLifeguard(workspace, ours);
const app = new App({
  token: BOT.token,
  botId: BOT.botId,
  botUserId: BOT.userId,
  tokenVerificationEnabled: false,
  receiver: new HTTPReceiver({ signingSecret: SECRET, endpoints: EVENTS_PATH }),
  clientOptions: { slackApiUrl: workspace.apiUrl },
});
app.command('/pool', async ({ ack }) => ack());
await app.start({ port: bare, host: '127.0.0.1' });

async function post(port: number, text: string): Promise<number> {
  const { headers, rawBody } = signed(workspace.says.slash('U0DANA', CHANNEL, '/pool', text), SECRET, Date.now());
  const from = performance.now();
  const response = await fetch(`http://127.0.0.1:${port}${EVENTS_PATH}`, { method: 'POST', headers, body: rawBody });
  await response.arrayBuffer();
  if (response.status !== 200) throw new Error(`answered with ${response.status}`);
  return performance.now() - from;
}

async function compare(what: string, textOf: (index: number) => string): Promise<void> {
  const times = { ours: [] as number[], bare: [] as number[] };
  for (let index = 0; index < WARM_UP + MEASURED; index += 1) {
    const [mine, theirs] = [await post(ours, textOf(index)), await post(bare, textOf(index))];
    if (index < WARM_UP) continue;
    times.ours.push(mine);
    times.bare.push(theirs);
  }
  const told = (percent: number): string => {
    const [mine, theirs] = [percentile(times.ours, percent), percentile(times.bare, percent)];
    return `p${percent} ${mine.toFixed(2)} ms, bare Bolt ${theirs.toFixed(2)} ms, ratio ${(mine / theirs).toFixed(2)}`;
  };
  process.stdout.write(`${what}: ${told(50)}; ${told(99)}\n`);
}

await post(ours, 'upgrade pool01');
lifeguard.hang.on = true;
await compare('a question, acknowledged before it is asked', () => 'fabric pool01');
await compare('an order, on disk before it is acknowledged', (index) => (index % 2 === 0 ? 'pause pool01' : 'resume pool01'));
process.exit(0);
