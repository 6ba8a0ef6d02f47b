import { fork } from 'node:child_process';
import type { DataSource } from 'typeorm';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { migrations } from '../../migrations/migrations.js';
import { type DatabaseDialect, dialectOf } from '../../src/config/env.js';
import { createDataSource } from '../../src/database/data-source.js';
import { migrate, pendingMigrations, undoAllMigrations } from '../../src/database/migrator.js';
import { allEntities } from '../support/all-entities.js';
import { createTemporaryDatabase, testDatabaseKind, type TemporaryDatabase } from '../support/temporary-database.js';

interface Settings {
  readonly databaseUrl: string;
  readonly databaseDialect: DatabaseDialect;
  readonly databasePoolSize: number;
}

describe(`the migrations on ${testDatabaseKind()}`, () => {
  let database: TemporaryDatabase;
  let settings: Settings;
  let open: DataSource[];

  const connect = async (): Promise<DataSource> => {
    const dataSource = createDataSource(settings, await allEntities());
    await dataSource.initialize();
    open.push(dataSource);
    return dataSource;
  };

  beforeEach(async () => {
    open = [];
    database = await createTemporaryDatabase();
    settings = { databaseUrl: database.url, databaseDialect: dialectOf(database.url) ?? 'sqlite', databasePoolSize: 4 };
  });
  afterEach(async () => {
    await Promise.all(open.map((one) => one.destroy()));
    await database.drop();
  });

  const names = migrations.map((Migration) => new Migration().name);

  it('make the schema that the entities describe, to the last column, index and key', async () => {
    const dataSource = await connect();
    expect(dataSource.entityMetadatas.length).toBeGreaterThan(10);
    expect(await migrate(dataSource, settings)).toEqual(names);
    const drift = await dataSource.driver.createSchemaBuilder().log();
    expect(drift.upQueries.map((one) => one.query)).toEqual([]);
  });

  it('are reported while they are pending, and run once', async () => {
    const dataSource = await connect();
    expect(await pendingMigrations(dataSource)).toEqual(names);
    await migrate(dataSource, settings);
    expect(await pendingMigrations(dataSource)).toEqual([]);
    expect(await migrate(dataSource, settings)).toEqual([]);
  });

  it('are undone without a trace, and run again', async () => {
    const dataSource = await connect();
    await migrate(dataSource, settings);
    expect(await undoAllMigrations(dataSource, settings)).toBe(names.length);
    const runner = dataSource.createQueryRunner();
    for (const { tableName } of dataSource.entityMetadatas) {
      expect([tableName, await runner.hasTable(tableName)]).toEqual([tableName, false]);
    }
    await runner.release();
    expect(await migrate(dataSource, settings)).toEqual(names);
    expect((await dataSource.driver.createSchemaBuilder().log()).upQueries).toEqual([]);
  });

  it('finish what a killed process left: each step is harmless where it was done and not recorded', async () => {
    const dataSource = await connect();
    await migrate(dataSource, settings);
    await dataSource.query(`DELETE FROM ${dataSource.driver.escape('migrations')}`);
    expect(await migrate(dataSource, settings)).toEqual(names);
    expect((await dataSource.driver.createSchemaBuilder().log()).upQueries).toEqual([]);
  });

  it('refuse a database in which another program has a table of the same name', async () => {
    const dataSource = await connect();
    await dataSource.query(`CREATE TABLE ${dataSource.driver.escape('courses')} (id int, menu int)`);
    await expect(migrate(dataSource, settings)).rejects.toThrow(/already exists/i);
  });

  it('run once when several start together', async () => {
    const dataSources = await Promise.all([connect(), connect(), connect()]);
    const done = await Promise.all(dataSources.map((one) => migrate(one, settings)));
    expect(done.flat()).toEqual(names);
    for (const one of dataSources) expect(await pendingMigrations(one)).toEqual([]);
  });

  it('wait for another process that holds the lock, and go on when it is killed', async () => {
    const holder = await holdMigrationLock(settings);
    const dataSource = await connect();
    let isDone = false;
    const migrating = migrate(dataSource, settings).finally(() => (isDone = true));
    try {
      // A whole turn of the waiting loop and more.
      await new Promise((resolve) => setTimeout(resolve, 400));
      expect(isDone).toBe(false);
    } finally {
      holder.kill('SIGKILL');
    }
    expect(await migrating).toEqual(names);
  });
});

/** A process that has taken the lock and never gives it back. */
async function holdMigrationLock(settings: Settings) {
  const holder = fork(new URL('../support/hold-migration-lock.mjs', import.meta.url), {
    execArgv: [],
    env: { ...process.env, HOLD_URL: settings.databaseUrl, HOLD_DIALECT: settings.databaseDialect },
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  await new Promise<void>((resolve, reject) => {
    holder.once('message', () => resolve());
    holder.once('exit', (code) => reject(new Error(`The holder of the lock ended with ${String(code)}.`)));
  });
  return holder;
}
