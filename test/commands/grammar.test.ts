import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { COMMANDS, type Command, nearest, parse } from '../../src/commands/grammar.ts';
import { shown } from '../../src/commands/quoted.ts';

/** Every command of the issues, and the right it takes; `-`: anybody who is listed. */
const PUBLISHED = {
  help: '-',
  pools: '-',
  whoami: '-',
  status: 'view',
  readiness: 'view',
  fabric: 'view',
  quorum: 'view',
  plan: 'view',
  rehearse: 'view',
  restart: 'operate',
  why: 'view',
  history: 'view',
  checks: 'view',
  preflight: 'view',
  upgrade: 'operate',
  patched: 'operate',
  adopt: 'operate',
  tick: 'operate',
  pause: 'operate',
  resume: 'operate',
  retry: 'operate',
  abort: 'operate',
  approve: 'approve',
  deny: 'approve',
  freeze: 'operate or approve',
  thaw: 'operate or approve',
  mute: 'operate',
  unmute: 'operate',
  failover: 'operate',
  failback: 'operate',
  start: 'operate',
  recover: 'operate',
  reset: 'operate',
} as const;

test('the bot has the commands of the issues, each once, and each takes the right it should', () => {
  const listed = COMMANDS.map(({ verb, needs }) => [verb, needs ?? '-']).toSorted();
  assert.deepEqual(listed, Object.entries(PUBLISHED).toSorted());
});
for (const { verb, usage, about, example } of COMMANDS) {
  test(`help for ${verb} says its usage, what it does and an example`, () => {
    assert.ok(usage.startsWith(verb) && example.startsWith(verb));
    assert.match(about, /^[A-Z].*\.$/);
  });
}

/** Every line that a usage line allows: each option left out and put in, each alternative taken. */
function linesOf(usage: string): readonly string[] {
  const optional = /\s*\[([^\]]*)\]/.exec(usage);
  if (optional !== null) {
    const [whole, inside = ''] = optional;
    return [usage.replace(whole, ''), ...inside.split('|').map((each) => usage.replace(whole, ` ${each.trim()}`))].flatMap(
      linesOf,
    );
  }
  const words: Readonly<Record<string, string>> = {
    '<pool>': 'pool01',
    '<server>': 'fe1',
    '<check>': 'viewers-closed',
    '<why>': 'not tonight',
    pool: 'pool01',
    server: 'fe1',
    code: '7KQ4',
    command: 'upgrade',
  };
  const [verb = '', ...rest] = usage.split(' ');
  return [[verb, ...rest.map((word) => words[word] ?? word)].join(' ')];
}
for (const { verb, usage, example } of COMMANDS) {
  test(`every usage line and the example of ${verb} are understood as ${verb}`, () => {
    for (const line of [...linesOf(usage), example]) {
      const parsed = parse(line);
      assert.equal(parsed.kind === 'command' ? parsed.command.kind : `${line}: ${parsed.tell}`, verb);
    }
  });
}
test('the usage of upgrade allows sixteen lines, and they are sixteen different commands', () => {
  const lines = linesOf(COMMANDS.find(({ verb }) => verb === 'upgrade')?.usage ?? '');
  assert.equal(new Set(lines.map((line) => JSON.stringify(parse(line)))).size, 16, lines.join(' / '));
});

const UPGRADE = 'Usage: upgrade <pool> [downtime] [all | domains 2,3 | servers fe2,fe3] [ticket CHG0012345].';

for (const [line, tell] of [
  ['upgrade', `Which pool? ${UPGRADE} Nothing was changed.`],
  ['upgrade pool01 now', `I don't know what to do with "now". ${UPGRADE} Nothing was changed.`],
  ['upgrade pool01 pool02', `I don't know what to do with "pool02". ${UPGRADE} Nothing was changed.`],
  ['upgrade pool01 all please', `I don't know what to do with "please". ${UPGRADE} Nothing was changed.`],
  ['upgrade pool01 all all', `I don't know what to do with "all". ${UPGRADE} Nothing was changed.`],
  ['upgrade pool01 downtime downtime', `I don't know what to do with "downtime". ${UPGRADE} Nothing was changed.`],
  ['upgrade pool01 all domains 2', `I don't know what to do with "domains". ${UPGRADE} Nothing was changed.`],
  ['upgrade pool01 domains 2 all', `I don't know what to do with "all". ${UPGRADE} Nothing was changed.`],
  ['upgrade pool01 domains', `Which upgrade domains? ${UPGRADE} Nothing was changed.`],
  ['upgrade pool01 domains ,', `Which upgrade domains? ${UPGRADE} Nothing was changed.`],
  ['upgrade pool01 ticket', `Which ticket? ${UPGRADE} Nothing was changed.`],
  ['upgrade pool01 all ticket', `Which ticket? ${UPGRADE} Nothing was changed.`],
  ['upgrade pool01 ticket CHG1 ticket CHG1', `"ticket" stands twice. ${UPGRADE} Nothing was changed.`],
  [
    'upgrade pool01 ticket CHG1;reboot',
    `"CHG1;reboot" is no ticket: it has at most 40 letters, digits, hyphens, underscores, # and /. ${UPGRADE} Nothing was changed.`,
  ],
  [
    `upgrade pool01 ticket ${'9'.repeat(41)}`,
    `"${'9'.repeat(40)}…" is no ticket: it has at most 40 letters, digits, hyphens, underscores, # and /. ${UPGRADE} Nothing was changed.`,
  ],
  ['upgrade pool01 ticket CHG1 CHG2', `I don't know what to do with "chg2". ${UPGRADE} Nothing was changed.`],
  ['freeze', 'A freeze needs its reason. Usage: freeze <reason>. Nothing was changed.'],
  ['thaw pool01', 'I don\'t know what to do with "pool01". Usage: thaw. Nothing was changed.'],
  ['approve 7KQ4 please', 'I don\'t know what to do with "please". Usage: approve [code]. Nothing was changed.'],
  ['approve 7KQ4 7KQ5', 'I don\'t know what to do with "7KQ5". Usage: approve [code]. Nothing was changed.'],
  ['deny', 'A no needs its reason. Usage: deny [code] <why>. Nothing was changed.'],
  ['patched', 'Which server? Usage: patched <server>. Nothing was changed.'],
  ['adopt', 'Which server? Usage: adopt <server>. Nothing was changed.'],
  ['adopt fe1 fe2', 'I don\'t know what to do with "fe2". Usage: adopt <server>. Nothing was changed.'],
  ['patched fe1 fe2', 'I don\'t know what to do with "fe2". Usage: patched <server>. Nothing was changed.'],
  ['tick', 'Which check? Usage: tick <check> [server | pool]. Nothing was changed.'],
  [
    'tick viewers fe1',
    'There is no check "viewers". Nearest: viewers-closed, pool-well, failed-over. Usage: tick <check> [server | pool]. Nothing was changed.',
  ],
  [
    'tick viewers-closed fe1 fe2',
    'I don\'t know what to do with "fe2". Usage: tick <check> [server | pool]. Nothing was changed.',
  ],
  ['pools pool01', 'I don\'t know what to do with "pool01". Usage: pools. Nothing was changed.'],
  ['whoami please', 'I don\'t know what to do with "please". Usage: whoami. Nothing was changed.'],
  ['help upgrade now', 'I don\'t know what to do with "now". Usage: help [command]. Nothing was changed.'],
  ['status pool01 and pool02', 'I don\'t know what to do with "and pool02". Usage: status [pool]. Nothing was changed.'],
  ['readiness pool01 pool02', 'I don\'t know what to do with "pool02". Usage: readiness [pool]. Nothing was changed.'],
  ['pause pool01 now', 'I don\'t know what to do with "now". Usage: pause [pool]. Nothing was changed.'],
  ['resume pool01 pool02', 'I don\'t know what to do with "pool02". Usage: resume [pool]. Nothing was changed.'],
  ['retry pool01 pool02', 'I don\'t know what to do with "pool02". Usage: retry [pool] [immediate]. Nothing was changed.'],
  ['retry immediate immediate', '"immediate" stands twice. Usage: retry [pool] [immediate]. Nothing was changed.'],
  ['abort pool01 now please', 'I don\'t know what to do with "please". Usage: abort [pool] [now]. Nothing was changed.'],
  ['abort now now', '"now" stands twice. Usage: abort [pool] [now]. Nothing was changed.'],
  ['status pool01; Stop-Computer', 'I don\'t know what to do with "Stop-Computer". Usage: status [pool]. Nothing was changed.'],
  ['stauts pool01', 'I don\'t know "stauts". Nearest: status, start, restart. `help` lists all. Nothing was changed.'],
  ['aprove 7KQ4', 'I don\'t know "aprove". Nearest: approve, pools, upgrade. `help` lists all. Nothing was changed.'],
  ['upgarde pool01', 'I don\'t know "upgarde". Nearest: upgrade, pause, plan. `help` lists all. Nothing was changed.'],
  [
    '@lifeguard status pool01',
    'I don\'t know "@lifeguard". Nearest: restart, plan, upgrade. `help` lists all. Nothing was changed.',
  ],
  ['pool01 status', 'I don\'t know "pool01". Nearest: pools, plan, help. `help` lists all. Nothing was changed.'],
] as const) {
  test(`not understood: ${line}`, () => {
    assert.deepEqual(parse(line), { kind: 'misread', tell });
  });
}
for (const prefix of ['@lifeguard', '<@U024BE7LH>', '<at>Lifeguard</at>', 'lifeguard', '/lifeguard', 'Lifeguard:', 'hey']) {
  test(`a mention is the surface’s to take away: "${prefix} abort now" is not understood here`, () => {
    assert.equal(parse(`${prefix} abort now`).kind, 'misread');
  });
}

test('an unknown word gets the three nearest and is never acted on, however near it is', () => {
  for (const { verb } of COMMANDS)
    for (const wrong of [verb.slice(0, -1), `${verb}x`, `${verb[1]}${verb[0]}${verb.slice(2)}`]) {
      if (COMMANDS.some((each) => each.verb === wrong)) continue;
      const parsed = parse(`${wrong} pool01`);
      assert.equal(parsed.kind, 'misread', wrong);
      if (parsed.kind === 'misread')
        assert.match(parsed.tell, /Nearest: [a-z]+, [a-z]+, [a-z]+\. `help` lists all\. Nothing was changed\.$/);
    }
});
test('the nearest stands first, whatever its case', () => {
  assert.equal(
    nearest(
      'STATSU',
      COMMANDS.map(({ verb }) => verb),
    )[0],
    'status',
  );
  assert.deepEqual(nearest('b', ['aaaa', 'bb', 'b', 'bbb']), ['b', 'bb', 'bbb']);
});
test('a long word is quoted back short', () => {
  assert.equal(shown('x'.repeat(200)), `${'x'.repeat(40)}…`);
  const parsed = parse('x'.repeat(200));
  assert.ok(parsed.kind === 'misread' && parsed.tell.length < 160);
});

test('a reason is told as it was typed: with its apostrophes', () => {
  const parsed = parse("deny 7KQ4 the pool isn't steady");
  assert.deepEqual(parsed, { kind: 'command', command: { kind: 'deny', words: ['7KQ4', 'the', 'pool', "isn't", 'steady'] } });
});
test('a reason is told as it was typed: with the link in it', () => {
  const parsed = parse('deny see https://wiki.contoso.com/lync/pool01');
  const words = parsed.kind === 'command' && parsed.command.kind === 'deny' ? parsed.command.words.join(' ') : '';
  assert.match(words, /wiki\.contoso\.com\/lync\/pool01$/);
});
test('a link with a path is not glued into another name', () => {
  const parsed = parse('upgrade https://pool0/1.contoso.com');
  assert.notDeepEqual(parsed, parse('upgrade pool01.contoso.com'));
});

/** Whatever is in a command of what somebody typed. */
function wordsIn(command: Command): readonly string[] {
  return Object.values(command).flatMap((value: unknown) =>
    typeof value === 'string'
      ? [value]
      : typeof value === 'object' && value !== null
        ? (JSON.stringify(value).match(/"([^"]*)"/g) ?? [])
        : [],
  );
}
const odd = fc.constantFrom(
  '\u00A0',
  '\u200B',
  '\u200D',
  '\u2060',
  '\uFEFF',
  '\u00AD',
  '“',
  '’',
  '—',
  '…',
  'ｐ',
  '０',
  'ﬃ',
  '️',
  '<',
  '>',
  '|',
  '[',
  '](',
  ')',
  'é',
  'e\u0301',
  '😀',
  '\uD800',
  'http://',
  '\u202E',
  '\u0007',
  '\n',
);
const piece = fc.oneof(
  { weight: 5, arbitrary: fc.constantFrom(...COMMANDS.flatMap(({ example }) => example.split(' ')), ' ', ' ', ' ') },
  { weight: 2, arbitrary: odd },
  { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 3 }) },
);
const typedLine = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 300 }),
  fc.array(piece, { maxLength: 14 }).map((each) => each.join('')),
);
const spokenLine = fc
  .tuple(fc.constantFrom(...COMMANDS.map(({ example }) => example)), fc.array(fc.tuple(fc.nat(40), piece), { maxLength: 4 }))
  .map(([example, added]) =>
    added.reduce((line, [where, what]) => `${line.slice(0, where)}${what}${line.slice(where)}`, example),
  );

test('whatever is typed, reading it never throws, and what is not understood is answered', () => {
  fc.assert(
    fc.property(fc.oneof(typedLine, spokenLine), (line) => {
      const parsed = parse(line);
      if (parsed.kind === 'misread') assert.match(parsed.tell, /^(Not read: .+\.|.*Nothing was changed\.)$/s);
      else assert.ok(COMMANDS.some(({ verb }) => verb === parsed.command.kind));
    }),
    { numRuns: 3_000 },
  );
});
test('no command has a character in it that is not plain, unless somebody typed that letter', () => {
  fc.assert(
    fc.property(fc.oneof(typedLine, spokenLine), (line) => {
      const parsed = parse(line);
      if (parsed.kind !== 'command') return;
      const plain = line.normalize('NFKC');
      const typed = plain + plain.toUpperCase() + plain.toLowerCase();
      // Unit by unit: halves of a character that somebody typed apart may have come together.
      for (const unit of wordsIn(parsed.command).join('').split(''))
        if (!/[ -~]/.test(unit)) assert.ok(typed.includes(unit), `U+${unit.charCodeAt(0).toString(16)}`);
      const unseen = /[\p{Cc}\u00A0\u00AD\u061C\u200B-\u200F\u2028-\u202F\u2060\u2066-\u2069\uFEFF]/u;
      assert.doesNotMatch(wordsIn(parsed.command).join(''), unseen);
    }),
    { numRuns: 3_000 },
  );
});
