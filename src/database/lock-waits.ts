import type { DataSource } from 'typeorm';
import { propertyOf } from '../errors/error-code.js';

/**
 * MySQL's own is 50 s: longer than any client waits for an answer. Shorter than what an answer may take at all, so that a
 * statement which waits for a lock is refused with its reason, and keeps its connection.
 */
export const LONGEST_LOCK_WAIT_SECONDS = 3;

/**
 * A process that is frozen inside a transaction keeps its locks until its connection ends. MariaDB can end it; MySQL has no
 * such setting, so there it takes the server's `wait_timeout`, or whoever ends the process.
 */
const LONGEST_IDLE_TRANSACTION_SECONDS = 10;

const BOUND_WAITS = `SET SESSION innodb_lock_wait_timeout = ${LONGEST_LOCK_WAIT_SECONDS}`;
const STATEMENTS = {
  mysql: BOUND_WAITS,
  mariadb: `${BOUND_WAITS}, idle_transaction_timeout = ${LONGEST_IDLE_TRANSACTION_SECONDS}`,
} as const;

interface Connection {
  query(statement: string, done: (error: unknown) => void): void;
}

interface Pool {
  on(event: 'connection', listener: (connection: Connection) => void): void;
}

function isPool(value: unknown): value is Pool {
  return typeof propertyOf(value, 'on') === 'function';
}

/**
 * Makes statements on MySQL and MariaDB fail after three seconds of waiting for a lock, and MariaDB end transactions that do
 * nothing for ten. Does nothing on other engines: PostgreSQL is told by settings of its connections (`data-source.ts`).
 */
export async function boundLockWaits(dataSource: DataSource): Promise<void> {
  const { type } = dataSource.options;
  if (type !== 'mysql' && type !== 'mariadb') return;
  const statement = STATEMENTS[type];
  const pool: unknown = propertyOf(dataSource.driver, 'pool');
  if (!isPool(pool)) throw new Error('The driver for MySQL has no pool of connections.');
  // Comes first on each connection. Should it fail, the connection is broken, and whoever is next on it hears of that.
  pool.on('connection', (connection) => connection.query(statement, () => undefined));
  // The one that was opened to connect at all.
  await dataSource.query(statement);
}
