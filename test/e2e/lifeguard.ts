import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Emulator, TOKENS } from './emulator.ts';
import { Running } from './process.ts';

const MAIN = fileURLToPath(new URL('../../src/main.ts', import.meta.url));

/** Two simulated pools; dana and omar may do everything, kim may look. */
const POOLS = `
people:
  dana: { name: Dana, slack: [T0CONTOSO:U0DANA] }
  omar: { name: Omar, slack: [T0CONTOSO:U0OMAR] }
  kim: { name: Kim, slack: [T0CONTOSO:U0KIM] }
pools:
  - fqdn: pool01.contoso.com
    version: 2013
    procedure: upgrade-domains
    connection: { kind: simulated, upgradeDomains: [[fe1.contoso.com, fe2.contoso.com], [fe3.contoso.com, fe4.contoso.com], [fe5.contoso.com, fe6.contoso.com]] }
    backupPool: pool02.contoso.com
    rights: { dana: [view, operate, approve], omar: [view, operate, approve], kim: [view] }
    slack: { channels: [C0LYNCOPS, C0FALLBACK] }
  - fqdn: pool02.contoso.com
    version: 2015
    procedure: upgrade-domains
    connection: { kind: simulated, upgradeDomains: [[fe11.contoso.com], [fe12.contoso.com], [fe13.contoso.com]] }
    backupPool: pool01.contoso.com
    patch: { command: 'C:\\Patches\\update.exe' }
    rights: { dana: [view, operate, approve], omar: [view, operate, approve], kim: [view] }
    slack: { channels: [C0LYNCOPS, C0FALLBACK] }
`;

/** How the program is to be in Slack. */
export interface LifeguardOptions {
  readonly folder: string;
  readonly emulator: Emulator;
  /** The port of HTTP mode; null: Socket Mode. */
  readonly port: number | null;
  /** How many times as fast as outside time runs for the simulated pools. */
  readonly speed: number;
}

/** Starts the real program in the emulated workspace. What is typed to it is weather for its simulated pools. */
export async function startLifeguard({ folder, emulator, port, speed }: LifeguardOptions): Promise<Running> {
  const pools = join(folder, 'pools.yaml');
  writeFileSync(pools, POOLS);
  const transport =
    port === null ? { SLACK_APP_TOKEN: TOKENS.app } : { SLACK_SIGNING_SECRET: TOKENS.secret, SLACK_PORT: String(port) };
  const program = new Running(process.execPath, [MAIN, '--speed', String(speed)], {
    LIFEGUARD_POOLS: pools,
    LIFEGUARD_STORE: join(folder, 'lifeguard.db'),
    SLACK_BOT_TOKEN: TOKENS.bot,
    SLACK_API_URL: emulator.apiUrl,
    ...transport,
  });
  await program.said(/Lifeguard is in Slack/);
  return program;
}
