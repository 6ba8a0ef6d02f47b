import type { EntityManager } from 'typeorm';
import { select } from './portable-sql.js';

const CLOCKS: Readonly<Record<string, string>> = {
  'better-sqlite3': `strftime('%Y-%m-%dT%H:%M:%fZ','now')`,
  postgres: `to_char(clock_timestamp() AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`,
  mysql: `DATE_FORMAT(UTC_TIMESTAMP(3), '%Y-%m-%dT%H:%i:%s.%f')`,
  mariadb: `DATE_FORMAT(UTC_TIMESTAMP(3), '%Y-%m-%dT%H:%i:%s.%f')`,
};

/**
 * The database's clock as an expression, for a query that asks for more than the time; `readClock` reads what it gives. It
 * tells when the statement runs, which after a lock is later than when the transaction began.
 */
export function clockOf(manager: EntityManager): string {
  const clock = CLOCKS[manager.dataSource.options.type];
  if (clock === undefined) throw new Error(`No clock query for ${manager.dataSource.options.type}.`);
  return clock;
}

/** The time that `clockOf` gave in a row. */
export function readClock(now: unknown): Date {
  if (typeof now !== 'string') throw new Error('The database did not tell its time.');
  // MySQL's %f prints six digits and no zone.
  return new Date(`${now.slice(0, 23)}Z`);
}

/**
 * The database's clock, to the millisecond: the one clock that deadlines and leases are measured by, since the clocks of
 * API and worker hosts may differ.
 */
export async function databaseNow(manager: EntityManager): Promise<Date> {
  // SQLite asks the same clock as this process, in which it runs.
  if (manager.dataSource.options.type === 'better-sqlite3') return new Date();
  const [row] = await select(manager, `SELECT ${clockOf(manager)} AS "now"`);
  return readClock(row?.['now']);
}
