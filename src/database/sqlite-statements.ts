import { type EntityManager, QueryFailedError } from 'typeorm';
import { propertyOf } from '../errors/error-code.js';

/** A prepared statement of `better-sqlite3`, as far as it is used here. */
interface Statement {
  /** Whether it gives rows. */
  readonly reader: boolean;
  all(...parameters: readonly unknown[]): unknown;
  run(...parameters: readonly unknown[]): { readonly changes: number };
}

interface Connection {
  prepare(sql: string): Statement;
}

/** What a statement came to: its rows, or how many it met. */
export interface SqliteAnswer {
  readonly rows: unknown;
  readonly affected: number;
}

/** By connection. Texts are constants of the code, so there are few of them. */
const prepared = new WeakMap<Connection, Map<string, Statement>>();

/**
 * Runs a statement on the manager's connection to SQLite. TypeORM has one connection for a data source, whatever the runner,
 * and around a statement of some microseconds it spends several times as much.
 *
 * @throws QueryFailedError as TypeORM does
 */
export function runOnSqlite(
  { dataSource }: Pick<EntityManager, 'dataSource'>,
  sql: string,
  parameters: readonly unknown[] = [],
): SqliteAnswer {
  const bound = parameters.map((value) => (typeof value === 'boolean' ? Number(value) : value));
  dataSource.logger.logQuery(sql, bound);
  try {
    const statement = statementOf(connectionOf(dataSource), sql);
    if (statement.reader) return { rows: statement.all(...bound), affected: 0 };
    return { rows: [], affected: statement.run(...bound).changes };
  } catch (error) {
    throw error instanceof Error ? new QueryFailedError(sql, bound, error) : error;
  }
}

function statementOf(connection: Connection, sql: string): Statement {
  let statements = prepared.get(connection);
  if (statements === undefined) {
    statements = new Map();
    prepared.set(connection, statements);
  }
  const known = statements.get(sql);
  if (known !== undefined) return known;
  const statement = connection.prepare(sql);
  statements.set(sql, statement);
  return statement;
}

function connectionOf(dataSource: EntityManager['dataSource']): Connection {
  const connection: unknown = propertyOf(dataSource.driver, 'databaseConnection');
  if (!isConnection(connection)) throw new Error('The driver has no connection to SQLite: it is not connected.');
  return connection;
}

function isConnection(value: unknown): value is Connection {
  return typeof propertyOf(value, 'prepare') === 'function';
}
