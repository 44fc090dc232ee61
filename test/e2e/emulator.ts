import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { EMULATOR_PROGRAM } from './machine.ts';
import { freePort, Running, WITHIN } from './process.ts';

export const CHANNEL = 'C0LYNCOPS';
export const TOKENS = { bot: 'xoxb-emulated', app: 'xapp-emulated', secret: 'emulated-signing-secret' };

/** The workspace as the emulator has it: three people and two channels. */
const workspace = (mode: 'socket' | 'events', requestUrl: string): string => `
workspace: { name: Contoso, domain: contoso, teamId: T0CONTOSO }
app: { appId: A0LIFEGUARD, botUserId: U0LIFEGUARD, botName: lifeguard, botToken: ${TOKENS.bot}, appToken: ${TOKENS.app}, signingSecret: ${TOKENS.secret}, mode: ${mode}, requestUrl: ${requestUrl} }
users:
  - { id: U0DANA, name: dana, real_name: Dana }
  - { id: U0OMAR, name: omar, real_name: Omar }
  - { id: U0KIM, name: kim, real_name: Kim }
channels:
  - { id: ${CHANNEL}, name: lync-ops, members: [U0DANA, U0OMAR, U0KIM, U0LIFEGUARD] }
  - { id: C0FALLBACK, name: ops-fallback, members: [U0DANA, U0OMAR, U0LIFEGUARD] }
`;

/** A message as the emulator keeps it. */
export interface EmulatedMessage {
  readonly ts: string;
  readonly text: string;
  readonly thread_ts?: string;
  readonly ephemeral_to?: string;
  readonly blocks?: readonly {
    readonly type: string;
    readonly elements?: readonly { readonly action_id?: string; readonly value?: string }[];
  }[];
}

/** The Slack emulator, running. */
export class Emulator {
  readonly address: string;
  readonly #program: Running;

  private constructor(program: Running, address: string) {
    this.#program = program;
    this.address = address;
  }

  /** `requestUrl` is where the bot listens in HTTP mode. */
  static async start(folder: string, mode: 'socket' | 'events', requestUrl = 'http://127.0.0.1:1/'): Promise<Emulator> {
    const config = join(folder, `emulator-${mode}.yaml`);
    writeFileSync(config, workspace(mode, requestUrl));
    const port = await freePort();
    const program = new Running(EMULATOR_PROGRAM, ['--config', config, '--port', String(port), '--base-host', '127.0.0.1']);
    await program.said(/local-slack is running/);
    return new Emulator(program, `http://127.0.0.1:${port}`);
  }

  get apiUrl(): string {
    return `${this.address}/api/`;
  }
  end(): Promise<void> {
    return this.#program.end();
  }
  async command(user: string, text: string): Promise<void> {
    await this.#control('command', { channel: CHANNEL, user, command: '/pool', text });
  }
  /** Presses a button of a message, as its page would. */
  async press(user: string, message: EmulatedMessage, actionId: string): Promise<void> {
    const elements = message.blocks?.flatMap((block) => block.elements ?? []) ?? [];
    const value = elements.find((element) => element.action_id === actionId)?.value ?? '';
    const action = { type: 'button', action_id: actionId, block_id: 'buttons', value };
    await this.#control('interact', { channel: CHANNEL, messageTs: message.ts, user, action });
  }
  async messages(channel = CHANNEL): Promise<readonly EmulatedMessage[]> {
    const response = await fetch(`${this.address}/_control/messages/${channel}`);
    const { messages } = (await response.json()) as { readonly messages: readonly EmulatedMessage[] };
    return messages;
  }
  /** Comes back with the newest message that says this, once there is one. */
  async seen(words: RegExp, channel = CHANNEL): Promise<EmulatedMessage> {
    const bound = Date.now() + WITHIN;
    for (;;) {
      const messages = await this.messages(channel);
      const found = messages.findLast(({ text }) => words.test(text));
      if (found !== undefined) return found;
      if (Date.now() > bound)
        throw new Error(`nothing says ${words}; there is:\n${messages.map(({ text }) => text).join('\n--\n')}`);
    }
  }
  /** The pictures that were uploaded, newest last, as addresses that hold them. */
  async pictures(): Promise<readonly string[]> {
    const headers = { authorization: `Bearer ${TOKENS.bot}` };
    const listed = await fetch(`${this.apiUrl}files.list`, { method: 'POST', headers });
    const { files } = (await listed.json()) as {
      readonly files: readonly { readonly created: number; readonly url_private: string }[];
    };
    const ordered = files.toSorted((left, right) => left.created - right.created);
    return Promise.all(
      ordered.map(async ({ url_private: url }) => {
        const bytes = Buffer.from(await (await fetch(url, { headers })).arrayBuffer());
        return `data:image/png;base64,${bytes.toString('base64')}`;
      }),
    );
  }
  /** What only this person has been shown. */
  async whispered(user: string): Promise<readonly string[]> {
    return (await this.messages()).filter(({ ephemeral_to: to }) => to === user).map(({ text }) => text);
  }
  async #control(verb: string, body: object): Promise<void> {
    const response = await fetch(`${this.address}/_control/${verb}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    if (!response.ok) throw new Error(`the emulator refused ${verb}: ${await response.text()}`);
  }
}
