import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { DataSource, type DataSourceOptions, type EntitySchema, type MixedList } from 'typeorm';
import type { Environment } from '../config/env.js';
import { migrations } from '../../migrations/migrations.js';
import { LONGEST_WAIT_MS } from './answer-times.js';
import { LONGEST_LOCK_WAIT_SECONDS } from './lock-waits.js';
import { WriteGuard } from './write-guard.js';

type DatabaseSettings = Pick<Environment, 'databaseUrl' | 'databaseDialect' | 'databasePoolSize'>;

export interface DataSourceChoices {
  /** Refuse writes outside `Transactions.run`; for tests. */
  readonly guardWrites?: boolean;
}

/** The file that a `sqlite:` URL names. */
export function sqliteFileOf(databaseUrl: string): string {
  return databaseUrl.slice('sqlite:'.length).replace(/^\/\/(?=\/|\.)/, '');
}

interface Pragmas {
  pragma(statement: string): unknown;
}

function configureSqlite(database: Pragmas): void {
  // FULL: a commit in WAL mode survives a power cut, not only a crash of the process.
  for (const statement of ['synchronous = FULL', 'busy_timeout = 10000', 'foreign_keys = ON']) {
    database.pragma(statement);
  }
}

/** TypeORM's options for the configured engine. Creates the folder of an SQLite file. */
export function dataSourceOptions(
  settings: DatabaseSettings,
  // eslint-disable-next-line @typescript-eslint/no-unsafe-function-type -- the type that TypeORM declares
  entities: MixedList<Function | string | EntitySchema>,
  choices: DataSourceChoices = {},
): DataSourceOptions {
  const shared = {
    entities,
    migrations: [...migrations],
    migrationsTableName: 'migrations',
    migrationsTransactionMode: 'each' as const,
    synchronize: false,
    ...(choices.guardWrites === true ? { logging: ['query' as const], logger: new WriteGuard() } : {}),
  };
  if (settings.databaseDialect === 'sqlite') {
    const database = sqliteFileOf(settings.databaseUrl);
    if (database !== ':memory:') mkdirSync(dirname(database), { recursive: true });
    return { ...shared, type: 'better-sqlite3', database, enableWAL: true, prepareDatabase: configureSqlite };
  }
  const url = new URL(settings.databaseUrl);
  const server = {
    host: url.hostname,
    ...(url.port === '' ? {} : { port: Number(url.port) }),
    username: decodeURIComponent(url.username),
    password: decodeURIComponent(url.password),
    database: decodeURIComponent(url.pathname.slice(1)),
    poolSize: settings.databasePoolSize,
  };
  if (settings.databaseDialect === 'postgres') {
    return {
      ...shared,
      ...server,
      type: 'postgres',
      connectTimeoutMS: LONGEST_WAIT_MS,
      extra: {
        statement_timeout: 30_000,
        lock_timeout: LONGEST_LOCK_WAIT_SECONDS * 1_000,
        idle_in_transaction_session_timeout: 10_000,
        keepAlive: true,
      },
    };
  }
  return {
    ...shared,
    ...server,
    type: settings.databaseDialect,
    timezone: 'Z',
    charset: 'utf8mb4_bin',
    connectTimeout: LONGEST_WAIT_MS,
    extra: { connectionLimit: settings.databasePoolSize, enableKeepAlive: true },
  };
}

/** A data source that is not connected yet. */
export function createDataSource(
  settings: DatabaseSettings,
  // eslint-disable-next-line @typescript-eslint/no-unsafe-function-type -- the type that TypeORM declares
  entities: MixedList<Function | string | EntitySchema>,
  choices: DataSourceChoices = {},
): DataSource {
  return new DataSource(dataSourceOptions(settings, entities, choices));
}
