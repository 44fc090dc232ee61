import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { after, test } from 'node:test';
import { SCENARIOS } from './scenarios.ts';
import { type Outcome, outcomeOf, SURFACES } from './surfaces.ts';

const TABLE = new URL('../../docs/parity.md', import.meta.url);
const rows = new Map<string, string>();

/** The facts of one surface that another one lacks, and the other way round. */
const difference = (left: Outcome, right: Outcome): readonly string[] => [
  ...[...left.facts].filter((fact) => !right.facts.has(fact)).map((fact) => `lacks: ${fact}`),
  ...[...right.facts].filter((fact) => !left.facts.has(fact)).map((fact) => `more: ${fact}`),
];

for (const [scenario, lines] of Object.entries(SCENARIOS)) {
  test(`the same everywhere: ${scenario}`, async () => {
    const outcomes = new Map<string, Outcome>();
    for (const [surface, open] of Object.entries(SURFACES)) outcomes.set(surface, await outcomeOf(lines, open()));
    const terminal = outcomes.get('Terminal');
    assert.ok(terminal !== undefined && terminal.facts.size > 0);
    for (const [surface, outcome] of outcomes) {
      assert.deepEqual(outcome.happened, terminal.happened, `${surface}: what happened`);
      assert.deepEqual(difference(terminal, outcome), [], `${surface}: what people are shown`);
    }
    const cells = [...outcomes.values()].map(({ calls }) => [...calls].toSorted().join(', ') || 'printed');
    rows.set(scenario, `| ${[scenario, String(terminal.facts.size), ...cells].join(' | ')} |`);
  });
}

const written = (): string => `# The same on every surface

Written by \`test/parity\`, which plays each row in the terminal, in a simulated Slack and in a simulated Teams. A row stands here when pools and record went through the same,
event by event, and people were shown the same facts, line by line; one that differs fails the tests. Left out of the comparison is what is a platform's own: signs and
marks, how commands are set off, how people are called, the times in a reader's own zone, and the calls by which it is shown, which the columns name.

| what people do | facts | ${Object.keys(SURFACES).join(' | ')} |
|---|---|---|---|---|
${Object.keys(SCENARIOS)
  .map((scenario) => rows.get(scenario))
  .join('\n')}
`;

after(() => {
  if (rows.size !== Object.keys(SCENARIOS).length) return;
  if (process.env['UPDATE'] === '1') writeFileSync(TABLE, written());
  assert.equal(readFileSync(TABLE, 'utf8'), written(), 'docs/parity.md is not what the scenarios come to: UPDATE=1 writes it');
});
