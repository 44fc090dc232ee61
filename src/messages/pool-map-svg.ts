import type { MapDomain, MapQuorum, MapServer, PoolMap } from './pool-map.ts';

const WIDTH = 900;
const EDGE = 30;
const GAP = 20;
const BOXES_IN_ROW = 3;
const BOX_WIDTH = (WIDTH - 2 * EDGE - (BOXES_IN_ROW - 1) * GAP) / BOXES_IN_ROW;
const BOX_HEAD = 52;
const SERVER_HEIGHT = 74;

/** Told apart by people who see few colours, and never without a sign and a word beside them. After Okabe and Ito. */
const COLOURS = {
  ink: '#1a1a1a',
  faint: '#5f6368',
  line: '#c4c7cb',
  runs: '#00795c',
  down: '#b34700',
  unknown: '#767676',
  hand: '#0b57d0',
};
const STATES: Readonly<Record<MapServer['state'], { readonly sign: string; readonly colour: string }>> = {
  runs: { sign: '✓', colour: COLOURS.runs },
  down: { sign: '×', colour: COLOURS.down },
  'not read': { sign: '?', colour: COLOURS.unknown },
};

/** The map as a picture: upgrade domains with their servers, the quorum, and primaries that moved. Large enough to be read on a phone. */
export function svgOf(map: PoolMap): string {
  const rows = rowsOf(map.domains);
  const parts: string[] = [
    text(EDGE, 52, map.title, { size: 36, weight: 600 }),
    text(WIDTH - EDGE, 52, map.seen, { size: 22, colour: COLOURS.faint, anchor: 'end' }),
  ];
  let top = 84;
  for (const row of rows) {
    const height = BOX_HEAD + Math.max(...row.map(({ servers }) => servers.length)) * SERVER_HEIGHT + 8;
    for (const [index, domain] of row.entries()) parts.push(boxOf(domain, EDGE + index * (BOX_WIDTH + GAP), top, height));
    top += height + GAP;
  }
  parts.push(map.quorum === null ? text(EDGE, top + 34, 'quorum: not known', { size: 24 }) : quorumOf(map.quorum, top));
  top += map.quorum === null ? 60 : 132;
  for (const moved of map.moved.length === 0 ? [] : [movedOf(map.moved, top)]) {
    parts.push(moved);
    top += 56 + map.moved.length * 44;
  }
  const height = Math.ceil(top + 10);
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${height}" viewBox="0 0 ${WIDTH} ${height}" font-family="IBM Plex Sans">`,
    `<rect width="${WIDTH}" height="${height}" fill="#ffffff"/>`,
    ...parts,
    '</svg>',
  ].join('\n');
}

function rowsOf(domains: readonly MapDomain[]): readonly (readonly MapDomain[])[] {
  return Array.from({ length: Math.ceil(domains.length / BOXES_IN_ROW) }, (_, row) =>
    domains.slice(row * BOXES_IN_ROW, (row + 1) * BOXES_IN_ROW),
  );
}

function boxOf({ name, atHand, servers }: MapDomain, left: number, top: number, height: number): string {
  const edge = atHand ? `stroke="${COLOURS.hand}" stroke-width="5"` : `stroke="${COLOURS.line}" stroke-width="2"`;
  return [
    `<rect x="${left}" y="${top}" width="${BOX_WIDTH}" height="${height}" rx="12" fill="#f8f9fa" ${edge}/>`,
    text(left + 16, top + 35, `domain ${fit(name, 12)}`, { size: 24, weight: 600, colour: atHand ? COLOURS.hand : COLOURS.ink }),
    ...(atHand ? [text(left + BOX_WIDTH - 16, top + 35, 'at hand', { size: 22, colour: COLOURS.hand, anchor: 'end' })] : []),
    ...servers.map((server, index) => serverOf(server, left, top + BOX_HEAD + index * SERVER_HEIGHT)),
  ].join('\n');
}

function serverOf({ name, state, primaries, secondaries, counts }: MapServer, left: number, top: number): string {
  const { sign, colour } = STATES[state];
  const serves = primaries === null || secondaries === null ? '' : ` · ${primaries} prim. ${secondaries} sec.`;
  const kept = counts ? serves : ' · not counted';
  return [
    `<circle cx="${left + 32}" cy="${top + 30}" r="17" fill="${colour}"/>`,
    text(left + 32, top + 39, sign, { size: 25, weight: 600, colour: '#ffffff', anchor: 'middle' }),
    text(left + 60, top + 28, fit(name, 14), { size: 25, weight: 600 }),
    text(left + 60, top + 56, fit(`${state}${kept}`, 26), { size: 20, colour: COLOURS.faint }),
  ].join('\n');
}

/** A box for each server that counts: full when it will run, hatched when it is about to stop, empty when it is down. */
function quorumOf({ counting, running, willRun, needed, words }: MapQuorum, top: number): string {
  const width = (WIDTH - 2 * EDGE) / counting;
  const segments = Array.from({ length: counting }, (_, index) => {
    const fill = index < willRun ? COLOURS.runs : index < running ? '#b7dccf' : '#ffffff';
    return `<rect x="${EDGE + index * width + 2}" y="${top + 50}" width="${width - 4}" height="36" rx="5" fill="${fill}" stroke="${COLOURS.faint}" stroke-width="1.5"/>`;
  });
  const line = EDGE + needed * width;
  const end = needed > counting / 2;
  return [
    text(EDGE, top + 34, `quorum: ${words}`, { size: 25, weight: 600 }),
    ...segments,
    `<line x1="${line}" y1="${top + 42}" x2="${line}" y2="${top + 94}" stroke="${COLOURS.down}" stroke-width="5"/>`,
    text(end ? line - 10 : line + 10, top + 118, `${needed} needed`, {
      size: 22,
      colour: COLOURS.down,
      anchor: end ? 'end' : 'start',
    }),
  ].join('\n');
}

function movedOf(moved: PoolMap['moved'], top: number): string {
  const most = Math.max(1, ...moved.flatMap(({ before, after }) => [before, after]));
  const bar = (count: number, y: number, colour: string): string =>
    `<rect x="${EDGE + 190}" y="${y}" width="${Math.max(3, (count / most) * 480)}" height="14" rx="3" fill="${colour}"/>`;
  return [
    text(EDGE, top + 34, 'primaries before and after', { size: 25, weight: 600 }),
    ...moved.map(({ server, before, after }, index) => {
      const y = top + 56 + index * 44;
      return [
        text(EDGE, y + 26, fit(server, 14), { size: 24 }),
        bar(before, y + 3, COLOURS.line),
        bar(after, y + 20, COLOURS.hand),
        text(WIDTH - EDGE, y + 26, `${before} → ${after}`, { size: 24, anchor: 'end' }),
      ].join('\n');
    }),
  ].join('\n');
}

interface Lettering {
  readonly size: number;
  readonly weight?: 400 | 600;
  readonly colour?: string;
  readonly anchor?: 'start' | 'middle' | 'end';
}

const text = (
  x: number,
  y: number,
  words: string,
  { size, weight = 400, colour = COLOURS.ink, anchor = 'start' }: Lettering,
): string =>
  `<text x="${x}" y="${y}" font-size="${size}" font-weight="${weight}" fill="${colour}" text-anchor="${anchor}">${inXml(words)}</text>`;

const fit = (words: string, letters: number): string => (words.length <= letters ? words : `${words.slice(0, letters - 1)}…`);

/** Names come from a pool: what XML has no letter for, or turns the reading direction, is left out. */
const inXml = (words: string): string =>
  words
    .replace(/[^\u0020-\uD7FF\uE000-\uFFFD]|\p{Cf}/gu, '')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
