import type { EntityManager } from 'typeorm';

/**
 * As `rowLock`, but rows that another transaction holds are left out instead of waited for: for work that somebody else does
 * just now. (SKIP LOCKED: MySQL 8, MariaDB 10.6, PostgreSQL.)
 */
export function freeRowLock(manager: EntityManager): { lock?: { mode: 'pessimistic_write'; onLocked: 'skip_locked' } } {
  return manager.dataSource.options.type === 'better-sqlite3'
    ? {}
    : { lock: { mode: 'pessimistic_write', onLocked: 'skip_locked' } };
}

/**
 * Find options that lock the rows until the transaction ends. SQLite has no row locks and needs none: its transactions take
 * turns.
 */
export function rowLock(manager: EntityManager): { lock?: { mode: 'pessimistic_write' } } {
  return manager.dataSource.options.type === 'better-sqlite3' ? {} : { lock: { mode: 'pessimistic_write' } };
}
