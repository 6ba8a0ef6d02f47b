import type { DataSource } from 'typeorm';
import type { Environment } from './config/env.js';
import { createDataSource } from './database/data-source.js';
import { migrate, pendingMigrations } from './database/migrator.js';
import { DomainError } from './errors/domain-error.js';

async function withDataSource<T>(environment: Environment, work: (dataSource: DataSource) => Promise<T>): Promise<T> {
  const dataSource = createDataSource(environment, []);
  await dataSource.initialize();
  try {
    return await work(dataSource);
  } finally {
    await dataSource.destroy();
  }
}

/** Runs the steps that are missing; returns their names. */
export function bringSchemaUpToDate(environment: Environment): Promise<readonly string[]> {
  return withDataSource(environment, (dataSource) => migrate(dataSource, environment));
}

/**
 * Before a process starts to work: an embedded SQLite file belongs to this installation alone and is migrated by itself; a
 * database server may have a backup to be made first and other versions at work, so there an operator says when.
 *
 * @throws DomainError when steps are missing on a server.
 */
export async function prepareSchema(environment: Environment): Promise<void> {
  if (environment.databaseDialect === 'sqlite') {
    await bringSchemaUpToDate(environment);
    return;
  }
  const pending = await withDataSource(environment, pendingMigrations);
  if (pending.length === 0) return;
  throw new DomainError(
    'unavailable',
    'schema_outdated',
    `The database lacks ${pending.length} migration step${pending.length === 1 ? '' : 's'}, the first being ${pending[0] ?? ''}: ` +
      'back it up and run "npm run migrate", then start again.',
  );
}
