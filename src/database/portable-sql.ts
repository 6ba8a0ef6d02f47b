import type { EntityManager } from 'typeorm';
import { runOnSqlite } from './sqlite-statements.js';

/** A row as the driver gives it. */
export type RawRow = Readonly<Record<string, unknown>>;

type Dialect = EntityManager['dataSource']['options']['type'];

/** Texts are constants of the code, so there are few of them. */
const translations = new Map<Dialect, Map<string, string>>();

/**
 * The text as the engine wants it: identifiers stand in `"` (MySQL and MariaDB want backquotes), parameters are `?`
 * (PostgreSQL numbers them). Neither character may stand for anything else.
 */
function translated(manager: EntityManager, sql: string): string {
  const { type } = manager.dataSource.options;
  let known = translations.get(type);
  if (known === undefined) {
    known = new Map<string, string>();
    translations.set(type, known);
  }
  const found = known.get(sql);
  if (found !== undefined) return found;
  const translation = translate(sql, type);
  known.set(sql, translation);
  return translation;
}

function translate(sql: string, type: Dialect): string {
  if (type === 'mysql' || type === 'mariadb') return sql.replaceAll('"', '`');
  if (type !== 'postgres') return sql;
  let number = 0;
  return sql.replaceAll('?', () => `$${(number += 1)}`);
}

/**
 * Runs a query that is written once for all engines, with `"` around identifiers and `?` for parameters. For what runs for
 * each request or each grading run, where TypeORM would write the same text anew each time; elsewhere use its builders.
 *
 * @param parameters text, numbers and null; what else there is goes through `entity-rows.ts`
 */
export async function select(
  manager: EntityManager,
  sql: string,
  parameters: readonly (string | number | null)[] = [],
): Promise<readonly RawRow[]> {
  const text = translated(manager, sql);
  const rows: unknown = isSqlite(manager)
    ? runOnSqlite(manager, text, parameters).rows
    : await manager.query(text, [...parameters]);
  if (!areRows(rows)) throw new Error('A query gave no rows: its text is no SELECT.');
  return rows;
}

function areRows(value: unknown): value is readonly RawRow[] {
  return Array.isArray(value) && value.every((row) => typeof row === 'object' && row !== null);
}

/**
 * Runs a statement that changes rows, written as for `select`.
 *
 * @param manager of a transaction: all writes go through `Transactions.run`
 * @param parameters as the driver wants them
 * @returns how many rows it met
 */
export async function execute(manager: EntityManager, sql: string, parameters: readonly unknown[]): Promise<number> {
  const { queryRunner } = manager;
  if (queryRunner === undefined) throw new Error('A write needs the manager that Transactions.run gives to its work.');
  const text = translated(manager, sql);
  if (isSqlite(manager)) return runOnSqlite(manager, text, parameters).affected;
  const { affected } = await queryRunner.query(text, [...parameters], true);
  return affected ?? 0;
}

function isSqlite({ dataSource }: EntityManager): boolean {
  return dataSource.options.type === 'better-sqlite3';
}
