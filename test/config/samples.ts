import assert from 'node:assert/strict';
import { faultText } from '../../src/config/faults.ts';
import { type Config, type ConfiguredPool, readConfig } from '../../src/config.ts';

export const PEOPLE = `people:
  dana: {name: Dana}
  omar:
  kim: {}
`;

/** Fields of a pool that is right in every way; a test changes one. */
const POOL = {
  fqdn: 'pool01.contoso.com',
  version: '2013',
  procedure: 'upgrade-domains',
  connection: '{kind: simulated, upgradeDomains: [[fe1.contoso.com], [fe2.contoso.com]]}',
  rights: '{dana: [view, operate, approve], omar: [approve]}',
};

/** A pools file: each pool is POOL with these fields instead; null leaves one out. */
export function poolsFile(...pools: readonly Readonly<Record<string, string | null>>[]): string {
  const entry = (changes: Readonly<Record<string, string | null>>) =>
    Object.entries({ ...POOL, ...changes })
      .filter(([, value]) => value !== null)
      .map(([key, value], index) => `${index === 0 ? '  - ' : '    '}${key}: ${value}`)
      .join('\n');
  return `${PEOPLE}pools:\n${pools.map(entry).join('\n')}\n`;
}

const read = (text: string, env: Readonly<Record<string, string>> = {}) =>
  readConfig({ LIFEGUARD_POOLS: 'pools.yaml', ...env }, () => text, 'linux');

export function configured(text: string, env: Readonly<Record<string, string>> = {}): Config {
  const config = read(text, env);
  if (config.kind === 'faults') assert.fail(config.faults.map(faultText).join('\n'));
  return config;
}

export function onlyPool(text: string, env: Readonly<Record<string, string>> = {}): ConfiguredPool {
  const [pool, ...others] = configured(text, env).pools;
  assert.ok(pool !== undefined && others.length === 0);
  return pool;
}

export function faults(text: string, env: Readonly<Record<string, string>> = {}): readonly string[] {
  const config = read(text, env);
  return config.kind === 'faults' ? config.faults.map(faultText) : [];
}
