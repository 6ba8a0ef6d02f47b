import type { DataSource } from 'typeorm';

/**
 * Brings SQLite's connection back to where no transaction is open, after one that failed.
 *
 * A full disk, and other errors of reading and writing, make SQLite roll the transaction back by itself. TypeORM's own
 * ROLLBACK then fails, and its one query runner for SQLite believes for ever that a transaction is open: from then on it
 * makes savepoints where it should begin, and nothing is committed any more, though all writes are reported done.
 */
export async function leaveFailedTransaction(dataSource: DataSource): Promise<void> {
  const runner = dataSource.createQueryRunner();
  if (!runner.isTransactionActive) return;
  // Fails where SQLite has done it already; should it fail otherwise, the next BEGIN is refused, and nothing is lost unseen.
  await runner.query('ROLLBACK').catch(() => undefined);
  const { driver } = dataSource;
  // The driver makes a new one when it is next asked.
  if ('queryRunner' in driver) driver.queryRunner = undefined;
}
