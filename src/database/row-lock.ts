import type { EntityManager } from 'typeorm';

/**
 * Find options that lock the rows until the transaction ends. SQLite has no row locks and needs none: its transactions take
 * turns.
 */
export function rowLock(manager: EntityManager): { lock?: { mode: 'pessimistic_write' } } {
  return manager.dataSource.options.type === 'better-sqlite3' ? {} : { lock: { mode: 'pessimistic_write' } };
}
