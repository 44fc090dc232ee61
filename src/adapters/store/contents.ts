import { MIGRATION_NAMES, MIGRATIONS_TABLE } from './schema.ts';

/**
 * Why a database that holds these tables, and has had these migrations, is not for this version to work on. Null for one
 * that is empty, and for a record of this version or an older one.
 */
export function objectionTo(tables: readonly string[], migrations: readonly string[]): string | null {
  if (tables.length === 0) return null;
  const [first] = MIGRATION_NAMES;
  // No migration at all: somebody was killed while making the record.
  const ours = tables.includes(MIGRATIONS_TABLE) && (migrations.length === 0 || migrations.some((name) => name === first));
  if (!ours) return 'it is the database of another program';
  const unknown = migrations.filter((name) => !MIGRATION_NAMES.includes(name));
  if (unknown.length === 0) return null;
  return `it was written by a newer Lifeguard, whose ${unknown.join(', ')} is not known to this one; start the newer one`;
}
