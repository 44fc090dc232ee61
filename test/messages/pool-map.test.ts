import assert from 'node:assert/strict';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { test } from 'node:test';
import { drawCard } from '../../src/adapters/picture/draw.ts';
import { pngOf } from '../../src/adapters/picture/png.ts';
import { liveKey } from '../../src/messages/card.ts';
import { altOf, type MapQuestion, type PoolMap, poolMapOf } from '../../src/messages/pool-map.ts';
import { svgOf } from '../../src/messages/pool-map-svg.ts';
import { aManagedPool, aPool, domainOf, group, healthy, placement, server, UTC, without } from '../support.ts';

const PICTURES = new URL('../pictures/', import.meta.url);
const six = aPool(6, 2);
const pool = aManagedPool();
const question = (changes: Partial<MapQuestion> = {}): MapQuestion => ({
  pool,
  topology: six,
  seen: healthy(six),
  atHand: domainOf(six, '1').servers,
  goingDown: true,
  before: null,
  ...changes,
});
const moved = {
  ...placement(six),
  groups: [group('rg-1 fe6 fe1,fe2'), group('rg-2 fe6 fe1,fe2'), ...placement(six).groups.slice(2)],
};
const twelve = aPool(12, 3);

const MAPS: Readonly<Record<string, PoolMap>> = {
  'six-about-to-stop': poolMapOf(question(), UTC),
  'six-settled-with-moved-primaries': poolMapOf(
    question({
      seen: healthy(six, { fabric: moved, services: without(six, server(4)) }),
      goingDown: false,
      before: placement(six),
    }),
    UTC,
  ),
  'twelve-of-which-nine-count': poolMapOf(
    question({ topology: twelve, seen: healthy(twelve), atHand: domainOf(twelve, '4').servers }),
    { timeZone: 'Europe/London', simulated: true },
  ),
  'nothing-could-be-read': poolMapOf(question({ seen: healthy(six, { services: null, fabric: null, backEnd: null }) }), UTC),
};

for (const [name, map] of Object.entries(MAPS)) {
  test(`a map: ${name.replaceAll('-', ' ')}`, () => {
    const file = new URL(`${name}.svg`, PICTURES);
    const svg = `${svgOf(map)}\n`;
    if (process.env['UPDATE'] === '1') writeFileSync(file, svg);
    assert.ok(existsSync(file), `${name}.svg is not there: UPDATE=1 writes it`);
    assert.equal(svg, readFileSync(file, 'utf8'));
  });
}

test('in words: every server, the domain at hand, the margin, and the primaries that moved', () => {
  const map = MAPS['six-settled-with-moved-primaries'] ?? assert.fail();
  assert.equal(
    altOf(map),
    'Map of pool01, seen 00:00 UTC, fe6 asked. Upgrade domain 1 (at hand): fe1 runs, fe2 runs. Upgrade domain 2: fe3 runs, fe4 down. ' +
      'Upgrade domain 3: fe5 runs, fe6 runs. Quorum: 5 of 6 will run, any 3 needed: margin 2. ' +
      'Primaries before and after: fe1 1 to 0, fe2 1 to 0, fe6 1 to 3.',
  );
});

test('what was not read is never drawn as well', () => {
  const map = MAPS['nothing-could-be-read'] ?? assert.fail();
  assert.equal(map.quorum, null);
  assert.ok(
    map.domains.flatMap(({ servers }) => servers).every(({ state, primaries }) => state === 'not read' && primaries === null),
  );
  assert.match(altOf(map), /Quorum: not known\./);
});

test('what a pool calls its servers can break no picture', () => {
  const map: PoolMap = {
    ...(MAPS['six-about-to-stop'] ?? assert.fail()),
    title: '<script>&"\u0000\u202E',
    domains: [
      { name: '"/><x', atHand: true, servers: [{ name: '&#0;<b>', state: 'runs', primaries: 1, secondaries: 2, counts: true }] },
    ],
  };
  const svg = svgOf(map);
  for (const broken of ['<script', '<x', '<b>', '\u0000', '\u202E']) assert.ok(!svg.includes(broken), broken);
  assert.equal(pngOf(svg).subarray(1, 4).toString(), 'PNG');
});

test('a card with a map is drawn twice as large as it is described, the same each time, and no other card is', () => {
  const card = { key: liveKey(1), under: null, tone: 'calm', title: 't', lines: [], buttons: [] } as const;
  assert.equal(drawCard(card), null);
  const picture = MAPS['six-about-to-stop'];
  const [first, second] = [drawCard({ ...card, picture }), drawCard({ ...card, picture })];
  assert.deepEqual(first, second);
  const png = Buffer.from(first?.png ?? assert.fail());
  assert.equal(png.readUInt32BE(16), 1_800);
  assert.ok(png.length < 300_000, `${png.length} bytes`);
});

test('letters are drawn: without the shipped font a name would leave no trace', () => {
  const map = MAPS['six-about-to-stop'] ?? assert.fail();
  assert.notDeepEqual(pngOf(svgOf(map)), pngOf(svgOf({ ...map, title: 'another' })));
});
