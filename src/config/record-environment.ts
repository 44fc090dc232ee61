import type { Variable } from './environment.ts';
import { type ConfigFault, environmentFault } from './faults.ts';

/** Where health is asked for: `/livez` and `/readyz`. */
export interface HealthEnvironment {
  readonly host: string;
  readonly port: number;
}

/** What the environment says of the record's database and of the health port; null is neither. */
export interface RecordEnvironment {
  /** `postgres://…`, a secret: it holds a password. */
  readonly databaseUrl: string | null;
  readonly health: HealthEnvironment | null;
  readonly faults: readonly ConfigFault[];
}

/** Reads both. The address of the database is never quoted, not even a wrong one. */
export function readRecord(given: (name: Variable) => string | null): RecordEnvironment {
  const databaseUrl = given('DATABASE_URL');
  const port = given('LIFEGUARD_HEALTH_PORT');
  const host = given('LIFEGUARD_HEALTH_HOST');
  const number = port !== null && /^\d{1,5}$/.test(port) ? Number(port) : Number.NaN;
  const listens = number >= 1 && number <= 65_535;
  const faults = [
    ...(databaseUrl === null || /^postgres(ql)?:\/\/./.test(databaseUrl) ? [] : ['DATABASE_URL must begin with postgres://']),
    ...(port === null || listens ? [] : ['LIFEGUARD_HEALTH_PORT must be a port, from 1 to 65535']),
    ...(host !== null && port === null ? ['LIFEGUARD_HEALTH_HOST is set and LIFEGUARD_HEALTH_PORT is missing'] : []),
  ];
  return {
    databaseUrl,
    health: listens ? { host: host ?? '127.0.0.1', port: number } : null,
    faults: faults.map(environmentFault),
  };
}
