import { App, HTTPReceiver } from '@slack/bolt';

/** The least that a Bolt app can be: what the program is compared with. */
const app = new App({
  token: 'xoxb-bench',
  botId: 'B0',
  botUserId: 'U0',
  tokenVerificationEnabled: false,
  receiver: new HTTPReceiver({ signingSecret: 'bench' }),
});
app.command('/pool', async ({ ack }) => ack());
await app.start({ port: Number(process.argv[2]), host: '127.0.0.1' });
process.stdout.write('in Slack\n');
