import { limitFaults } from '../../../src/adapters/teams/limits.ts';
import { openTeams, type SimulatedTeams } from '../../../src/adapters/teams-simulator/teams.ts';
import { parseLine } from '../../../src/session/file.ts';
import { World } from '../../../src/session/world.ts';

export const TENANT = '5e551010-0000-4000-8000-000000000001';
export const FABRIKAM = '5e551010-0000-4000-8000-00000000000f';
export const APP = { id: '5e551010-0000-4000-8000-000000000002', name: 'Lifeguard' };
export const OPS = '19:operations@thread.tacv2';
export const LAB = '19:laboratory@thread.tacv2';
export const NIGHT = '19:nightshift@thread.v2';

const account = (number: number): string => `d0000000-0000-4000-8000-00000000000${number}`;
/** Dana asks, Omar may approve, Kim may only look; Mallory is on no list, and Pat Partner of another tenant. */
export const [DANA, OMAR, KIM, MALLORY, GUEST, PARTNER] = [1, 2, 3, 4, 5, 6].map(account) as [
  string,
  string,
  string,
  string,
  string,
  string,
];
/** What the configuration calls them. */
export const LISTED: Readonly<Record<string, string>> = { [DANA]: 'dana', [OMAR]: 'omar', [KIM]: 'kim' };

/** A world with one simulated pool of six; `effects` is told what is done to its servers. */
export function aWorld(effects: string[]): World {
  const world = new World([], { effect: (_pool, server, cmdlet) => effects.push(`${cmdlet} ${server}`), state: () => {} });
  for (const line of [
    '! seed 5',
    '! pool pool01 version 2013 servers 6 domains fe1,fe2|fe3,fe4|fe5,fe6 paired pool02',
    '! person dana view operate approve',
    '! person omar view operate approve',
    '! person kim view',
  ])
    world.happen(parseLine(line, 0));
  return world;
}

/** A Teams with two channels and a group, and everybody in it. */
export async function aTeams(now: () => number): Promise<SimulatedTeams> {
  const teams = await openTeams({
    tenant: TENANT,
    app: APP,
    conversations: [
      { id: OPS, kind: 'channel', name: 'operations' },
      { id: LAB, kind: 'channel', name: 'laboratory' },
      { id: NIGHT, kind: 'group', name: 'night shift' },
    ],
    check: limitFaults,
    now,
    sent: () => {},
  });
  for (const [objectId, name] of Object.entries(LISTED)) teams.addPerson({ objectId, name });
  teams.addPerson({ objectId: MALLORY, name: 'mallory' });
  teams.addPerson({ objectId: GUEST, name: 'guest', guest: true });
  teams.addPerson({ objectId: PARTNER, name: 'partner', tenant: FABRIKAM, places: [] });
  return teams;
}
