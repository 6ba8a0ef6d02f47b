import { queryMariadb } from './servers.mjs';

/**
 * The tables, seen from outside: over a connection of our own, as an administrator would look.
 *
 * @typedef {object} ChaosDatabase
 * @property {(sql: string, values?: unknown[]) => Promise<any[]>} select `"` around identifiers, `?` for values
 * @property {(sql: string, values?: unknown[]) => Promise<unknown>} execute the same for a statement that changes rows
 * @property {string} [file] of SQLite
 * @property {(value: unknown) => number | null} instant a column's instant in milliseconds since 1970
 */

/** @returns {ChaosDatabase} */
export function mariadbDatabase(port) {
  const run = (sql, values) => queryMariadb(port, sql.replaceAll('"', '`'), values, 'assay');
  return {
    select: run,
    execute: run,
    instant: (value) => (value === null ? null : value.getTime()),
  };
}

/** @returns {ChaosDatabase} */
export function sqliteDatabase(file) {
  const open = async (work) => {
    const { default: Database } = await import('better-sqlite3');
    const database = new Database(file, { timeout: 5_000 });
    try {
      return work(database);
    } finally {
      database.close();
    }
  };
  return {
    file,
    select: (sql, values = []) => open((database) => database.prepare(sql).all(values)),
    execute: (sql, values = []) => open((database) => database.prepare(sql).run(values)),
    // TypeORM writes UTC without saying so.
    instant: (value) => (value === null ? null : Date.parse(`${value.replace(' ', 'T')}Z`)),
  };
}
