import type { EntityManager } from 'typeorm';
import { propertyOf } from '../errors/error-code.js';

const CLOCK_QUERIES: Readonly<Record<string, string>> = {
  'better-sqlite3': `SELECT strftime('%Y-%m-%dT%H:%M:%fZ','now') AS now`,
  postgres: `SELECT to_char(clock_timestamp() AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') AS now`,
  mysql: `SELECT DATE_FORMAT(UTC_TIMESTAMP(3), '%Y-%m-%dT%H:%i:%s.%f') AS now`,
  mariadb: `SELECT DATE_FORMAT(UTC_TIMESTAMP(3), '%Y-%m-%dT%H:%i:%s.%f') AS now`,
};

/**
 * The database's clock, to the millisecond: the one clock that deadlines and leases are measured by, since the clocks of
 * API and worker hosts may differ.
 */
export async function databaseNow(manager: EntityManager): Promise<Date> {
  const query = CLOCK_QUERIES[manager.dataSource.options.type];
  if (query === undefined) throw new Error(`No clock query for ${manager.dataSource.options.type}.`);
  const rows: unknown = await manager.query(query);
  const now = propertyOf(Array.isArray(rows) ? rows[0] : null, 'now');
  if (typeof now !== 'string') throw new Error('The database did not tell its time.');
  // MySQL's %f prints six digits and no zone.
  return new Date(`${now.slice(0, 23)}Z`);
}
