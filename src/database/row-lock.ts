import type { EntityManager } from 'typeorm';

/** False on SQLite, where nothing is locked, since transactions take turns: a query that only locks can be left out. */
export function hasRowLocks(manager: EntityManager): boolean {
  return manager.dataSource.options.type !== 'better-sqlite3';
}

/**
 * As `rowLock`, but rows that another transaction holds are left out instead of waited for: for work that somebody else does
 * just now. (SKIP LOCKED: MySQL 8, MariaDB 10.6, PostgreSQL.)
 */
export function freeRowLock(manager: EntityManager): { lock?: { mode: 'pessimistic_write'; onLocked: 'skip_locked' } } {
  return hasRowLocks(manager) ? { lock: { mode: 'pessimistic_write', onLocked: 'skip_locked' } } : {};
}

/**
 * Find options that lock the rows until the transaction ends. SQLite has no row locks and needs none: its transactions take
 * turns.
 */
export function rowLock(manager: EntityManager): { lock?: { mode: 'pessimistic_write' } } {
  return hasRowLocks(manager) ? { lock: { mode: 'pessimistic_write' } } : {};
}

/** What `freeRowLock` is to TypeORM's finders, for the end of a query that is written by hand. */
export function freeRowLockClause(manager: EntityManager): string {
  return hasRowLocks(manager) ? ' FOR UPDATE SKIP LOCKED' : '';
}
