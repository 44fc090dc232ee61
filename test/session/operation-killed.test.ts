import assert from 'node:assert/strict';
import { test } from 'node:test';
import { minutes } from '../../src/domain/time.ts';
import type { Kill } from './night.ts';
import { OperationNight } from './operation-night.ts';

const PAIRED = '! pool pool01 version 2019 servers 3 domains fe1|fe2|fe3 procedure server-failover paired pool02';
const BACKUP = '! pool pool02 version 2019 servers 3 domains fe11|fe12|fe13 procedure server-failover paired pool01';
const OF_TWO = '! pool pool01 version 2015 servers 2 domains fe1|fe2';

interface Told {
  readonly weather: readonly string[];
  readonly requests: readonly string[];
  /** How often what holds it is tried again. */
  readonly retries: number;
  readonly ends: 'done' | 'refused' | 'held';
  readonly calls: number;
}

/** Nights in which not everything goes well, or in which one call follows another. */
const NIGHTS: readonly (readonly [name: string, told: Told])[] = [
  [
    'a failover and its failback',
    { weather: [PAIRED], requests: ['failover pool01', 'failback pool01'], retries: 0, ends: 'done', calls: 2 },
  ],
  [
    'a failover to a pool that is looked after too',
    { weather: [BACKUP, PAIRED], requests: ['failover pool01'], retries: 0, ends: 'done', calls: 1 },
  ],
  [
    'a failover that fails, and that is approved and made once more',
    { weather: [PAIRED, '! operation fails'], requests: ['failover pool01'], retries: 1, ends: 'done', calls: 2 },
  ],
  [
    'a failover that fails, and that nobody tries again',
    { weather: [PAIRED, '! operation fails'], requests: ['failover pool01'], retries: 0, ends: 'held', calls: 1 },
  ],
  [
    'a failover of which nobody can tell the end',
    { weather: [PAIRED, '! operation hangs'], requests: ['failover pool01'], retries: 0, ends: 'held', calls: 1 },
  ],
  [
    'a start of a pool of two, both together',
    { weather: [OF_TWO, '! whole-pool down'], requests: ['start pool01'], retries: 0, ends: 'done', calls: 2 },
  ],
  [
    'a recovery of a pool of two, and nothing left for a start to do',
    {
      weather: [OF_TWO, '! whole-pool down'],
      requests: ['recover pool01', 'start pool01'],
      retries: 0,
      ends: 'refused',
      calls: 1,
    },
  ],
  [
    'a start of a pool of which one server does not answer',
    {
      weather: ['! pool pool01 version 2015 servers 4 domains fe1|fe2|fe3|fe4', '! whole-pool down', '! down fe2'],
      requests: ['start pool01'],
      retries: 0,
      ends: 'done',
      calls: 1,
    },
  ],
];

async function nightOf({ weather, requests, retries }: Told, kill: Kill | null): Promise<OperationNight> {
  const night = new OperationNight(weather, kill);
  await night.pass(requests, retries);
  return night;
}

/** Every event after the first; of looks in a row the first and the last, for between two looks nothing is decided. */
function cutsOf({ events }: OperationNight): readonly number[] {
  const looks = events.map(({ kind }) => kind === 'looked');
  const numbers = [...events.keys()].slice(1);
  return numbers.filter((seq) => !(looks[seq - 1] && looks[seq] && looks[seq + 1]));
}

/** How it stands in the end, without the time of day. */
const endOf = ({ operation: { ended, held } }: OperationNight): string => ended?.ending.how ?? held?.reason.kind ?? 'under way';

for (const [name, told] of NIGHTS) {
  const undisturbed = await nightOf(told, null);

  test(`${name}: the night that nobody disturbs ends as it is told`, () => {
    const { operation, effects } = undisturbed;
    assert.equal(operation.held === null ? operation.ended?.ending.how : 'held', told.ends, endOf(undisturbed));
    assert.equal(effects.length, told.calls, effects.join('; '));
  });

  for (const when of ['before', 'after'] as const)
    for (const away of [minutes(0), minutes(9)])
      test(`${name}: killed ${when} any event and away for ${away / minutes(1)} minutes, the same calls are made, each once`, async () => {
        for (const seq of cutsOf(undisturbed)) {
          const night = await nightOf(told, { seq, when, away });
          const cut = `killed ${when} event ${seq}, ${undisturbed.events[seq]?.kind}`;
          assert.deepEqual(night.effects, undisturbed.effects, cut);
          assert.equal(endOf(night), endOf(undisturbed), cut);
          const twice = [...night.posts].filter(([, times]) => times > 1);
          assert.deepEqual(twice, [], cut);
        }
      });
}
