import type { DataSource, QueryRunner } from 'typeorm';
import { propertyOf } from '../errors/error-code.js';
import { Patience } from './patience.js';

/**
 * How long a statement may wait for its connection and its answer, together. Whoever asks the API hears within five seconds
 * that the database does not answer.
 */
export const LONGEST_WAIT_MS = 4_000;

/** What a statement is given even where its connection was long in coming. */
const SHORTEST_ALLOWANCE_MS = 1_000;

type GetConnection = (done: (error: unknown, connection?: unknown) => void) => void;

class NoAnswer extends Error {
  /** As that of a socket: the database is away for all that we can tell. */
  readonly code = 'ETIMEDOUT';

  constructor(what: string) {
    super(`The database ${what} within ${LONGEST_WAIT_MS / 1_000} s.`);
  }
}

/**
 * Makes statements fail that a database server does not answer in time: a server that is frozen, overwhelmed, or behind a
 * network which drops packets says nothing, and drivers would wait for ever. The connection is destroyed, never used again,
 * since its answer may still come: whatever was open on it is rolled back, except for a COMMIT that was under way, of which
 * nobody knows what became. The error is one of those that `isDatabaseUnavailable` knows, and no refusal.
 *
 * For processes that serve; steps of a migration take as long as they take. Does nothing on SQLite, which runs in the process.
 */
export function boundAnswerTimes(dataSource: DataSource): void {
  if (dataSource.options.type === 'better-sqlite3') return;
  const patience = new Patience();
  const { driver } = dataSource;
  const pool: unknown = propertyOf(driver, 'pool');
  // PostgreSQL's pool has a limit of its own (`connectTimeoutMS`); that of MySQL lets callers wait for ever.
  if (hasGetConnection(pool)) boundConnecting(pool, patience);
  const create = dataSource.createQueryRunner.bind(dataSource);
  dataSource.createQueryRunner = (mode) => boundStatements(create(mode), patience);
}

function boundConnecting(pool: { getConnection: GetConnection }, patience: Patience): void {
  const getConnection = pool.getConnection.bind(pool);
  pool.getConnection = (done) => {
    let isGivenUp = false;
    const end = patience.begin(LONGEST_WAIT_MS, () => {
      isGivenUp = true;
      done(new NoAnswer('gave no connection'));
    });
    getConnection((error, connection) => {
      end();
      if (!isGivenUp) done(error, connection);
      else if (hasRelease(connection)) connection.release();
    });
  };
}

function boundStatements(runner: QueryRunner, patience: Patience): QueryRunner {
  const query = runner.query.bind(runner);
  let waitedMs: number | null = null;
  const bounded = async (...asked: Parameters<typeof query>): ReturnType<typeof query> => {
    const askedAt = performance.now();
    const connection: unknown = await runner.connect();
    waitedMs ??= performance.now() - askedAt;
    const allowance = Math.max(LONGEST_WAIT_MS - waitedMs, SHORTEST_ALLOWANCE_MS);
    const end = patience.begin(allowance, () => hangUp(connection));
    try {
      return await query(...asked);
    } finally {
      end();
    }
  };
  return Object.assign(runner, { query: bounded });
}

/** Breaks the connection as a network would, so that the driver fails what waits on it and its pool forgets it. */
function hangUp(connection: unknown): void {
  // That of `mysql2` is the connection's own, that of `pg` belongs to its inner connection.
  const stream = propertyOf(connection, 'stream') ?? propertyOf(propertyOf(connection, 'connection'), 'stream');
  if (!hasDestroy(stream)) throw new Error('A connection of the database driver has no stream.');
  stream.destroy(new NoAnswer('did not answer'));
}

function hasGetConnection(pool: unknown): pool is { getConnection: GetConnection } {
  return typeof propertyOf(pool, 'getConnection') === 'function';
}

function hasRelease(connection: unknown): connection is { release(): void } {
  return typeof propertyOf(connection, 'release') === 'function';
}

function hasDestroy(stream: unknown): stream is { destroy(error: Error): void } {
  return typeof propertyOf(stream, 'destroy') === 'function';
}
