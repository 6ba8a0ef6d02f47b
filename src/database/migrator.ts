import { DataSource, MigrationExecutor } from 'typeorm';
import { DomainError } from '../errors/domain-error.js';
import { codeOf, propertyOf } from '../errors/error-code.js';
import { sqliteFileOf } from './data-source.js';
import type { Environment } from '../config/env.js';

type DatabaseSettings = Pick<Environment, 'databaseUrl' | 'databaseDialect' | 'databasePoolSize'>;

const LOCK_NAME = 'assay_migrations';
// Any number that no other program is likely to use: advisory locks of PostgreSQL have no names.
const POSTGRES_LOCK_KEY = 4_155_317_901;
const LOCK_WAIT_SECONDS = 120;

/**
 * Brings the schema up to date. Safe to run twice and by several processes at once: they take an advisory lock in turn, and
 * whoever comes later finds nothing to do. The lock ends with its connection, so that a killed process leaves none behind.
 *
 * @returns the names of the steps that were run, in order.
 * @throws DomainError `unavailable` when another process holds the lock for more than two minutes.
 */
export async function migrate(dataSource: DataSource, settings: DatabaseSettings): Promise<readonly string[]> {
  return withLock(dataSource, settings, async () => {
    const done = await dataSource.runMigrations({ transaction: 'each' });
    return done.map((migration) => migration.name);
  });
}

/** Undoes all steps, newest first. For tests: it deletes all data. */
export async function undoAllMigrations(dataSource: DataSource, settings: DatabaseSettings): Promise<number> {
  return withLock(dataSource, settings, async () => {
    const executor = new MigrationExecutor(dataSource);
    const executed = await executor.getExecutedMigrations();
    for (let step = 0; step < executed.length; step += 1) await dataSource.undoLastMigration({ transaction: 'each' });
    return executed.length;
  });
}

/** The names of the steps that are still to be run; empty when the schema is up to date. */
export async function pendingMigrations(dataSource: DataSource): Promise<readonly string[]> {
  const executor = new MigrationExecutor(dataSource);
  const pending = await executor.getPendingMigrations();
  return pending.map((migration) => migration.name);
}

async function withLock<T>(dataSource: DataSource, settings: DatabaseSettings, work: () => Promise<T>): Promise<T> {
  switch (settings.databaseDialect) {
    case 'sqlite':
      return withSqliteLock(sqliteFileOf(settings.databaseUrl), work);
    case 'postgres':
      return withSessionLock(
        dataSource,
        work,
        `SELECT pg_try_advisory_lock(${POSTGRES_LOCK_KEY}) AS locked`,
        `SELECT pg_advisory_unlock(${POSTGRES_LOCK_KEY})`,
      );
    case 'mysql':
    case 'mariadb':
      // The lock is of the server, not of the database: two installations on one server must not wait for each other.
      return withSessionLock(
        dataSource,
        work,
        `SELECT GET_LOCK(CONCAT('${LOCK_NAME}_', LEFT(MD5(DATABASE()), 16)), 0) AS locked`,
        `SELECT RELEASE_LOCK(CONCAT('${LOCK_NAME}_', LEFT(MD5(DATABASE()), 16)))`,
      );
  }
}

async function withSessionLock<T>(
  dataSource: DataSource,
  work: () => Promise<T>,
  lock: string,
  unlock: string,
): Promise<T> {
  const holder = dataSource.createQueryRunner();
  try {
    await holder.connect();
    await waitUntil(async () => {
      const rows: unknown = await holder.query(lock);
      const locked = propertyOf(Array.isArray(rows) ? rows[0] : null, 'locked');
      return locked === true || Number(locked) === 1;
    });
    try {
      return await work();
    } finally {
      await holder.query(unlock);
    }
  } finally {
    await holder.release();
  }
}

async function withSqliteLock<T>(file: string, work: () => Promise<T>): Promise<T> {
  if (file === ':memory:') return work();
  // A transaction on a file of its own: SQLite's locks end with the process, and the database itself stays free for `work`.
  const { default: BetterSqlite3 } = await import('better-sqlite3');
  const holder = new BetterSqlite3(`${file}.migration-lock`, { timeout: 0 });
  try {
    await waitUntil(() => {
      try {
        holder.exec('BEGIN EXCLUSIVE');
        return Promise.resolve(true);
      } catch (error) {
        if (codeOf(error) === 'SQLITE_BUSY') return Promise.resolve(false);
        throw error;
      }
    });
    return await work();
  } finally {
    holder.close();
  }
}

async function waitUntil(locked: () => Promise<boolean>): Promise<void> {
  const deadline = performance.now() + LOCK_WAIT_SECONDS * 1_000;
  while (!(await locked())) {
    if (performance.now() > deadline) {
      throw new DomainError(
        'unavailable',
        'migration_locked',
        `Another process has been migrating this database for ${LOCK_WAIT_SECONDS} s. Wait for it, or end it, and start again.`,
      );
    }
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}
