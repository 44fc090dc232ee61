import type { Counted } from './verdict.ts';
import type { Walk } from './walk.ts';

/** One walk, or several of a kind, in a line. */
interface Row extends Counted {
  readonly scenario: string;
  readonly bots: string;
  readonly kills: number;
  readonly takeovers: readonly number[];
  readonly note: string;
}

const rows: Row[] = [];

/** Keeps what came of a walk for the table. */
export function keep(scenario: string, walk: Walk, counted: Counted, note = ''): void {
  const { bots, way, record } = walk;
  const on = record.kind === 'file' ? 'SQLite' : 'PostgreSQL';
  rows.push({
    ...counted,
    scenario: `${scenario}, ${way.name}`,
    bots: `${bots.count} on ${on}`,
    kills: bots.kills,
    takeovers: record.kind === 'file' ? [] : bots.takeovers,
    note,
  });
}

/** The figures of all walks. */
export function table(): string {
  const heads = ['scenario', 'bots', 'kills', 'effects', 'doubled', 'lost', 'takeover ms (min/median/max)', ''];
  const cells = rows.map((row) => [
    row.scenario,
    row.bots,
    ...[row.kills, row.effects, row.doubled, row.lost].map(String),
    spread(row.takeovers),
    row.note,
  ]);
  const sum = (of: (row: Row) => number) => String(rows.reduce((total, row) => total + of(row), 0));
  const total = [
    'all',
    '',
    ...[sum(({ kills }) => kills), sum(({ effects }) => effects), sum(({ doubled }) => doubled), sum(({ lost }) => lost)],
    spread(rows.flatMap(({ takeovers }) => takeovers)),
    '',
  ];
  const lines = [heads, ...cells, total];
  const widths = heads.map((_head, column) => Math.max(...lines.map((line) => line[column]?.length ?? 0)));
  return lines
    .map((line) =>
      line
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

function spread(values: readonly number[]): string {
  const sorted = values.toSorted((left, right) => left - right);
  const at = (share: number) => (sorted[Math.floor(share * (sorted.length - 1))] ?? 0).toFixed();
  return sorted.length === 0 ? '-' : `${at(0)}/${at(0.5)}/${at(1)}`;
}
