import { type DataSource, type EntityManager, EntitySchema } from 'typeorm';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { dialectOf } from '../../src/config/env.js';
import { boundAnswerTimes } from '../../src/database/answer-times.js';
import { createDataSource } from '../../src/database/data-source.js';
import { isDatabaseUnavailable, isRetryable } from '../../src/database/database-errors.js';
import { Transactions } from '../../src/database/transactions.js';
import { expectProblem } from '../support/expect-problem.js';
import { type FreezableDatabase, startFreezableDatabase } from '../support/freezable-database.js';
import { startTestApp, type TestApp } from '../support/test-app.js';
import { testDatabaseKind } from '../support/temporary-database.js';
import { waitFor } from '../support/wait-for.js';

interface Counter {
  id: number;
}
const CounterSchema = new EntitySchema<Counter>({ name: 'counter', columns: { id: { type: 'int', primary: true } } });

const POOL = 4;
const settingsOf = (databaseUrl: string) =>
  ({ databaseUrl, databaseDialect: dialectOf(databaseUrl) ?? 'sqlite', databasePoolSize: POOL }) as const;

const insert = (manager: EntityManager, id: number): Promise<unknown> => manager.insert(CounterSchema, { id });

/** What became of something that a frozen database should have made fail. It is frozen until all of it has been told. */
async function failuresOf(work: readonly Promise<unknown>[]): Promise<readonly unknown[]> {
  const outcomes = await Promise.allSettled(work);
  return outcomes.map((outcome) => (outcome.status === 'rejected' ? (outcome.reason as unknown) : 'it succeeded'));
}

function onServer(kind: 'mariadb' | 'postgres'): void {
  let database: FreezableDatabase;
  let dataSource: DataSource;
  let transactions: Transactions;

  beforeAll(async () => {
    database = await startFreezableDatabase(kind);
    dataSource = createDataSource(settingsOf(database.url), [CounterSchema]);
    await dataSource.initialize();
    boundAnswerTimes(dataSource);
    await dataSource.query('CREATE TABLE counter (id int PRIMARY KEY)');
    transactions = new Transactions(dataSource);
  });
  afterEach(() => database.thaw());
  afterAll(async () => {
    await dataSource?.destroy();
    await database?.remove();
  });

  const isThere = (id: number): Promise<boolean> => dataSource.manager.existsBy(CounterSchema, { id });
  const answers = (): Promise<unknown> =>
    waitFor(() => dataSource.query('SELECT 1'), { until: 'the database answers again', timeoutMs: 10_000 });

  it('fails what is asked, on open connections and on new ones, and what waits for one; then it goes on', async () => {
    await Promise.all(Array.from({ length: 2 }, () => dataSource.query('SELECT 1')));
    await database.freeze();
    const failures = await failuresOf(
      Array.from({ length: 3 * POOL }, (_, id) => transactions.run((manager) => insert(manager, id))),
    );
    for (const failure of failures) {
      expect(failure).toSatisfy(isDatabaseUnavailable);
      expect(failure).not.toSatisfy(isRetryable);
    }
    database.thaw();
    await answers();
    // No answer that came late is taken for that of another statement.
    const numbers = Array.from({ length: 20 }, (_, number) => number);
    const echoed = await Promise.all(
      numbers.map((number) => dataSource.query<{ echo: number }[]>(`SELECT ${number} AS echo`)),
    );
    expect(echoed.map(([row]) => Number(row?.echo))).toEqual(numbers);
    expect(await dataSource.manager.count(CounterSchema)).toBe(0);
  });

  it('undoes what was open, and tells of a commit under way that it is unknown', async () => {
    const failures = await failuresOf([
      transactions.run(async (manager) => {
        await insert(manager, 101);
        await database.freeze();
        await insert(manager, 102);
      }),
      transactions.run(async (manager) => {
        await insert(manager, 103);
        await waitFor(
          () =>
            dataSource.query('SELECT 1').then(
              () => false,
              () => true,
            ),
          {
            until: 'the database is frozen',
          },
        );
      }),
    ]);
    for (const failure of failures) expect(failure).toSatisfy(isDatabaseUnavailable);
    database.thaw();
    await answers();
    expect([await isThere(101), await isThere(102)]).toEqual([false, false]);
    // The server had the command: whether it was carried out is for whoever asks again to find out. Nothing stays locked.
    if (!(await isThere(103))) await transactions.run((manager) => insert(manager, 103));
    expect(await isThere(103)).toBe(true);
  });

  describe('behind the API', () => {
    let app: TestApp;
    beforeAll(async () => {
      app = await startTestApp({ worker: false, variables: { DATABASE_URL: database.url } });
    });
    afterAll(() => app?.close());

    it('is told as 503 with Retry-After, for reading and writing; nothing is made twice', async () => {
      const { token } = await app.admin();
      const make = (number: number) =>
        app.request('POST', '/courses', {
          token,
          body: { code: `C${number}`, title: 'Frozen' },
          headers: { 'idempotency-key': `course ${number}` },
        });
      const numbers = Array.from({ length: 8 }, (_, number) => number);
      await database.freeze();
      const [list, ...made] = await Promise.all([app.request('GET', '/courses', { token }), ...numbers.map(make)]);
      for (const response of [list, ...made]) {
        expectProblem(response, 503, 'database_unavailable');
        expect(Number(response.headers.get('retry-after'))).toBeGreaterThan(0);
      }
      const ready = await app.request('GET', '/health/ready');
      expect(ready.status).toBe(503);
      database.thaw();
      for (const number of numbers) {
        await waitFor(async () => (await make(number)).status === 201, {
          until: `course ${number} is made`,
          timeoutMs: 90_000,
          pollEveryMs: 200,
        });
      }
      const { body } = await app.request<{ items: { code: string }[] }>('GET', '/courses?limit=100', { token });
      expect(body.items.map(({ code }) => code).toSorted()).toEqual(numbers.map((number) => `C${number}`));
    }, 120_000);
  });
}

describe('a database that says nothing more', () => {
  const kind = testDatabaseKind();
  if (kind !== 'sqlite') {
    onServer(kind);
    return;
  }
  it('is no server: SQLite is asked within the process, and its statements are left as they are', () => {
    const dataSource = createDataSource(settingsOf('sqlite::memory:'), []);
    boundAnswerTimes(dataSource);
    expect(Object.hasOwn(dataSource, 'createQueryRunner')).toBe(false);
  });
});
