import fc from 'fast-check';

/** What can be told of a night before it begins. */
interface Layout {
  readonly size: number;
  readonly perDomain: number;
  readonly seed: number;
  readonly product: (typeof PRODUCTS)[number];
  readonly patch: string;
  readonly hooks: string;
  readonly sql: string;
  /** What dana asks for, and asks for again. */
  readonly asks: 'upgrade' | 'restart';
}
/** What is thrown into each round of a night, before which of its lines. */
type ThrownIn = readonly (readonly (readonly [at: number, line: string])[])[];

/** A night to be played: how its pool is laid out, and what happens to it. */
export interface RandomNight {
  readonly layout: Layout;
  readonly thrownIn: ThrownIn;
}

const PRODUCTS = [
  { version: '2013', procedure: 'upgrade-domains' },
  { version: '2015', procedure: 'upgrade-domains' },
  { version: '2015', procedure: 'server-failover' },
  { version: '2019', procedure: 'server-failover' },
] as const;
const sizes = fc.oneof({ weight: 4, arbitrary: fc.integer({ min: 3, max: 12 }) }, { weight: 1, arbitrary: fc.constant(2) });
const layout: fc.Arbitrary<Layout> = sizes.chain((size) =>
  fc.record({
    size: fc.constant(size),
    perDomain: fc.integer({ min: 1, max: Math.max(1, Math.floor(size / 3)) }),
    seed: fc.nat({ max: 50 }),
    // Two servers are upgraded by upgrade domains or not at all.
    product: fc.constantFrom(...PRODUCTS.filter(({ procedure }) => size > 2 || procedure === 'upgrade-domains')),
    patch: fc.constantFrom('', ' patch by-command'),
    hooks: fc.constantFrom('', '', '', ' hooks before', ' hooks after', ' hooks both'),
    asks: fc.constantFrom('upgrade', 'upgrade', 'restart'),
    sql: fc.oneof({ weight: 5, arbitrary: fc.constant('') }, { weight: 1, arbitrary: fc.constant(' sql mirror') }),
  }),
);

/** Any server; and twice as often the one that is taken next if all goes well. */
const AT_HAND = 'at-hand';
const server = fc.oneof(
  { weight: 2, arbitrary: fc.constant(AT_HAND) },
  { weight: 1, arbitrary: fc.nat({ max: 11 }).map((number) => `fe${number + 1}`) },
);
const EFFECTS = [
  'Stop-CsWindowsService',
  'Restart-Computer',
  'patch',
  'Start-CsWindowsService',
  'Invoke-CsComputerFailOver',
  'Invoke-CsComputerFailBack',
  'hook-before',
  'hook-after',
];
/** What goes on as it should, for one upgrade domain: people who answer, and time. */
const FAIR = [
  '@omar thaw',
  '@dana upgrade pool01',
  '@dana retry',
  '@omar approve',
  '+4m',
  '+7m',
  '@dana patched all',
  '+11m',
  '+35m',
];
/** What becomes of one server: the words before its name, and after it. */
const TO_A_SERVER = [
  ['! down'],
  ['! up'],
  ['! up'],
  ['! stuck'],
  ['! drain-forever'],
  ['! patch-fails'],
  ['! viewer'],
  ['! viewer-closed'],
  ['! not-ready'],
  ['! is-ready'],
  ['! failover', ' fails'],
  ['! failback', ' fails'],
  ['! services', ' disabled'],
  ['! services', ' disabled'],
  ['! services', ' enabled'],
  ['! hook before', ' fails'],
  ['! hook after', ' fails'],
  ['! by-hand restarted'],
  ['! by-hand patched'],
  ['! by-hand started'],
  ['@dana adopt'],
] as const;
/** A server that the pool gets only once. */
const SPARE = '! add-server spare';
/** What people do one after the other, and what went wrong in a night that somebody thought up. */
const IN_A_ROW: readonly (readonly string[])[] = [
  ['@dana pause', '+5h', '@dana resume'],
  ['@omar approve', '@dana pause', '+9h', '@dana resume', '+2m'],
  ['@dana pause', '@dana adopt at-hand', '+5h', '@dana resume'],
  ['+5h', '@dana retry', '+2m'],
  ['@dana retry', '+1m', '@dana abort', '+10m'],
  ['@dana abort now', '@dana upgrade pool01 domains 9', '+1m', '@dana upgrade pool01'],
  ['@dana abort now', '@dana upgrade pool01 domains 2', '+1m'],
  ['@dana abort now', '@dana upgrade pool01 domains 3', '+5m', '@dana adopt at-hand', '+30m'],
  ['@dana abort now', '! up at-hand', '+10m', '@dana status pool01', '@dana upgrade pool01'],
  ['@dana abort now', '! up at-hand', '+10m', '@dana upgrade pool01 domains 2', '+1h', '@omar approve', '+1h'],
  ['@dana patched at-hand', '@dana abort', '+40m', '@dana upgrade pool01', '+30m'],
  ['@dana abort now', '@dana restart pool01', '@dana upgrade pool01', '+30m', '@omar approve', '+5m'],
  [
    '@dana abort',
    '+40m',
    '@dana restart pool01',
    '+30m',
    '@omar approve',
    '+5m',
    '@dana abort now',
    '@dana upgrade pool01',
    '+2m',
  ],
  ['@dana abort now', '! up at-hand', '+10m', '@dana restart pool01 servers fe2', '+30m', '@omar approve', '+1h'],
  [SPARE, '@dana retry', '@dana restart pool01', '+1m', '@omar approve', '+1h'],
  ['+65m', '@dana abort', '@dana retry immediate', '+1m', '@omar approve', '+1m'],
  ['@dana retry immediate', '@dana pause', '@omar approve', '+5h', '@dana resume', '+2m'],
  ['! drain-forever at-hand', '+3m', '! up at-hand', '+6m'],
  ['! drain-forever at-hand', '+65m', '! up at-hand', '+5h', '@dana retry', '+10m'],
  [SPARE, '@dana retry', '+1m', '@dana retry immediate', '+1m'],
  ['! hook before at-hand fails', '@omar approve', '! move-primary', '@dana retry', '+1m', '@dana abort', '+10m'],
];
/** And what does not. */
const foul = fc.oneof(
  { weight: 2, arbitrary: fc.constantFrom(...IN_A_ROW).map((lines) => lines.join('\n')) },
  fc
    .constantFrom('Busy', 'InsufficientActiveFrontEnds', 'silent', 'garbage', 'Ready', 'auto', 'auto')
    .map((said) => `! readiness ${said}`),
  {
    weight: 3,
    arbitrary: fc
      .tuple(fc.constantFrom(...TO_A_SERVER), server)
      .map(([[before, after = ''], name]) => `${before} ${name}${after}`),
  },
  fc.constantFrom('! move-primary', '! lose-secondaries 2', '! sql mirror', '! sql down', '! sql principal', '! kill', '! kill'),
  fc.tuple(fc.constantFrom(...EFFECTS), server).map(([effect, name]) => `! kill after ${effect} ${name}`),
  // As long as a FailOver or FailBack may take.
  fc.constant('+65m'),
  fc.constantFrom(
    '@dana pause',
    '@dana resume',
    '@dana retry',
    '@eve retry immediate',
    '@dana abort',
    '@dana abort now',
    '@eve deny no',
    '@dana approve',
    '@eve approve',
    '@dana upgrade pool01 all',
    '@dana upgrade pool01 domains 2',
    '@dana upgrade pool01 domains 9',
    '@dana upgrade pool01 servers fe2',
    '@dana restart pool01',
    '@dana restart pool01 all',
    '@dana restart pool01 servers fe2',
    '@eve readiness pool01',
    '@omar status pool01',
    '@eve tick replicas-outside',
    '@eve tick quorum-kept',
    '@eve freeze storage drill',
    '@eve freeze storage drill',
    '@dana thaw',
  ),
);

/** So many rounds of a good night, each with up to so many things thrown in. */
export const randomNight = (rounds: number, thrownInEach: number): fc.Arbitrary<RandomNight> =>
  fc.record({
    layout,
    thrownIn: fc.array(fc.array(fc.tuple(fc.nat({ max: FAIR.length }), foul), { maxLength: thrownInEach }), {
      minLength: rounds,
      maxLength: rounds,
    }),
  });

/** The servers of a night by upgrade domain. */
export const domainsOf = ({ layout: { size, perDomain } }: RandomNight): readonly (readonly string[])[] =>
  Array.from({ length: Math.ceil(size / perDomain) }, (_, index) =>
    serversOf(size).slice(index * perDomain, (index + 1) * perDomain),
  );

const serversOf = (size: number): readonly string[] => Array.from({ length: size }, (_, index) => `fe${index + 1}`);

/** The night as a session file would have it. */
export function linesOf(night: RandomNight): readonly string[] {
  const {
    layout: { size, perDomain, seed, product, patch, hooks, sql, asks },
    thrownIn,
  } = night;
  const { version, procedure } = product;
  const written = domainsOf(night)
    .map((domain) => domain.join(','))
    .join('|');
  const step = procedure === 'server-failover' || asks === 'restart' ? 1 : perDomain;
  const request = `@dana ${asks} pool01`;
  const played = thrownIn.flatMap((each, round) =>
    [...FAIR, ''].flatMap((line, index) => [
      ...each
        .filter(([at]) => at === index)
        .flatMap(([, lines]) => lines.replaceAll(AT_HAND, `fe${round * step + 1}`).split('\n')),
      ...(line === '@dana patched all'
        ? serversOf(size).map((name) => `@dana patched ${name}`)
        : [line === '@dana upgrade pool01' ? request : line]),
    ]),
  );
  return [
    `! seed ${seed}`,
    `! pool pool01 version ${version} servers ${size} domains ${written} procedure ${procedure}${patch}${hooks}${sql}`,
    request,
    ...played.filter(
      (line, index) => Number(/ fe(\d+)\b/.exec(line)?.[1] ?? 0) <= size && (line !== SPARE || played.indexOf(SPARE) === index),
    ),
  ];
}
