import { AsyncLocalStorage } from 'node:async_hooks';
import { DataSource, EntitySchema, type EntityManager } from 'typeorm';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { dialectOf } from '../../src/config/env.js';
import { createDataSource } from '../../src/database/data-source.js';
import { databaseNow } from '../../src/database/database-clock.js';
import { isDatabaseFull, isUniqueViolation } from '../../src/database/database-errors.js';
import { boundLockWaits } from '../../src/database/lock-waits.js';
import { rowLock } from '../../src/database/row-lock.js';
import { Transactions } from '../../src/database/transactions.js';
import { createTemporaryDatabase, testDatabaseKind, type TemporaryDatabase } from '../support/temporary-database.js';

interface Counter {
  id: number;
  value: number;
}

const CounterSchema = new EntitySchema<Counter>({
  name: 'counter',
  columns: { id: { type: 'int', primary: true }, value: { type: 'int' } },
});

const isSqlite = testDatabaseKind() === 'sqlite';

let database: TemporaryDatabase;
let dataSource: DataSource;
let transactions: Transactions;

const settings = () =>
  ({
    databaseUrl: database.url,
    databaseDialect: dialectOf(database.url) ?? 'sqlite',
    databasePoolSize: 10,
  }) as const;

beforeAll(async () => {
  database = await createTemporaryDatabase();
  dataSource = createDataSource(settings(), [CounterSchema], { guardWrites: true });
  await dataSource.initialize();
  await boundLockWaits(dataSource);
  await dataSource.query('CREATE TABLE counter (id int PRIMARY KEY, value int NOT NULL)');
  transactions = new Transactions(dataSource);
});
afterAll(async () => {
  await dataSource?.destroy();
  await database?.drop();
});
beforeEach(async () => {
  await transactions.run((manager) => manager.clear(CounterSchema));
});

const insert = (manager: EntityManager, id: number, value = 0) => manager.insert(CounterSchema, { id, value });

async function insertTen(manager: EntityManager): Promise<void> {
  for (let id = 0; id < 10; id += 1) {
    await insert(manager, id);
    await new Promise((resolve) => setImmediate(resolve));
  }
}

async function add(manager: EntityManager, id: number): Promise<void> {
  const row = await manager.findOneOrFail(CounterSchema, { where: { id }, ...rowLock(manager) });
  await manager.update(CounterSchema, { id }, { value: row.value + 1 });
}

const count = () => dataSource.getRepository(CounterSchema).count();
const valueOf = async (id: number) => (await dataSource.getRepository(CounterSchema).findOneByOrFail({ id })).value;

describe(`transactions on ${testDatabaseKind()}`, () => {
  it('keep all that succeed and nothing of those that fail, however they overlap', async () => {
    const results = await Promise.allSettled(
      Array.from({ length: 60 }, (_, id) =>
        transactions.run(async (manager) => {
          await insert(manager, id);
          await new Promise((resolve) => setImmediate(resolve));
          if (id % 3 === 0) throw new Error('refused');
          return id;
        }),
      ),
    );
    const kept = results.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
    expect(kept).toHaveLength(40);
    const rows = await dataSource.getRepository(CounterSchema).find({ order: { id: 'ASC' } });
    expect(rows.map((row) => row.id)).toEqual(kept);
  });

  it('show nothing to others before they have committed', async () => {
    const seen = new Set<number>();
    const over = new AbortController();
    const watching = (async () => {
      while (!over.signal.aborted) {
        seen.add(await count());
        await new Promise((resolve) => setImmediate(resolve));
      }
    })();
    const refused = transactions.run(async (manager) => {
      await insertTen(manager);
      throw new Error('refused');
    });
    await expect(refused).rejects.toThrow('refused');
    await transactions.run(insertTen);
    over.abort();
    await watching;
    seen.add(await count());
    expect([...seen].toSorted((one, other) => one - other)).toEqual([0, 10]);
  });

  it('lose no update of those that lock a row', async () => {
    await transactions.run((manager) => insert(manager, 1));
    await Promise.all(Array.from({ length: 40 }, () => transactions.run((manager) => add(manager, 1))));
    expect(await valueOf(1)).toBe(40);
  });

  it('that take rows in opposite orders all succeed: the victim of a deadlock is run again', async () => {
    await transactions.run(async (manager) => {
      await insert(manager, 1);
      await insert(manager, 2);
    });
    let runs = 0;
    const both = (first: number, second: number) =>
      transactions.run(async (manager) => {
        runs += 1;
        await add(manager, first);
        await new Promise((resolve) => setTimeout(resolve, 30));
        await add(manager, second);
      });
    await Promise.all([both(1, 2), both(2, 1)]);
    expect([await valueOf(1), await valueOf(2)]).toEqual([2, 2]);
    // SQLite takes turns; on servers this is a deadlock, so one of them ran twice.
    expect(runs).toBeGreaterThanOrEqual(isSqlite ? 2 : 3);
  });

  it('see what the former holder of a lock wrote', async () => {
    await transactions.run((manager) => insert(manager, 1, 5));
    const seen = await Promise.all(
      [1, 2].map(() =>
        transactions.run(async (manager) => {
          await manager.findOneBy(CounterSchema, { id: 1 });
          await add(manager, 1);
          return (await manager.findOneByOrFail(CounterSchema, { id: 1 })).value;
        }),
      ),
    );
    expect(seen.toSorted((a, b) => a - b)).toEqual([6, 7]);
  });

  it('report a unique violation as one, and are not run again for it', async () => {
    let runs = 0;
    const work = async (manager: EntityManager): Promise<void> => {
      runs += 1;
      await insert(manager, 1);
    };
    await transactions.run(work);
    const error: unknown = await transactions.run(work).catch((one: unknown) => one);
    expect(isUniqueViolation(error)).toBe(true);
    expect(runs).toBe(2);
    expect(await count()).toBe(1);
  });

  if (isSqlite) {
    it('are durable again after a full disk: what is reported done is there for others', async () => {
      // Of the connection that writes.
      const pragma = (statement: string): Promise<unknown> =>
        transactions.run((manager) => manager.query(`PRAGMA ${statement}`));
      const [{ page_count: pages }] = (await pragma('page_count')) as [{ page_count: number }];
      await pragma(`max_page_count = ${pages}`);
      const fill = transactions.run(async (manager) => {
        for (let id = 0; id < 5_000; id += 1) await insert(manager, id);
      });
      expect(isDatabaseFull(await fill.catch((error: unknown) => error))).toBe(true);
      await pragma('max_page_count = 1000000');
      // One more that fails: it would have been the first to leave a transaction open.
      await expect(
        transactions.run(async (manager) => {
          await insert(manager, 1);
          throw new Error('refused');
        }),
      ).rejects.toThrow('refused');
      await transactions.run((manager) => insert(manager, 2));
      const other = createDataSource(settings(), [CounterSchema]);
      await other.initialize();
      try {
        expect(await other.getRepository(CounterSchema).find()).toEqual([{ id: 2, value: 0 }]);
      } finally {
        await other.destroy();
      }
    });
  }

  if (isSqlite) {
    /** Statements of the connection that writes. */
    const recorded = async (work: () => Promise<unknown>): Promise<string[]> => {
      const { logger } = dataSource;
      const statements: string[] = [];
      const spy = vi.spyOn(logger, 'logQuery').mockImplementation((statement) => void statements.push(statement));
      await work().finally(() => spy.mockRestore());
      return statements;
    };

    it('are committed together when they are asked for at the same time, one after the other as they came', async () => {
      const order: number[] = [];
      const statements = await recorded(() =>
        Promise.all(
          Array.from({ length: 20 }, (_, id) =>
            transactions.run((manager) => insert(manager, id)).then(() => order.push(id)),
          ),
        ),
      );
      expect(statements.filter((statement) => statement === 'COMMIT')).toHaveLength(1);
      expect(order).toEqual(Array.from({ length: 20 }, (_, id) => id));
      expect(await count()).toBe(20);
    });

    it('keep what others wrote when one of them fills the disk, which alone hears of it', async () => {
      const pragma = (statement: string): Promise<unknown> =>
        transactions.run((manager) => manager.query(`PRAGMA ${statement}`));
      const [{ page_count: pages }] = (await pragma('page_count')) as [{ page_count: number }];
      await pragma(`max_page_count = ${pages}`);
      const results = await Promise.allSettled([
        transactions.run((manager) => insert(manager, 10_000)),
        transactions.run(async (manager) => {
          for (let id = 0; id < 5_000; id += 1) await insert(manager, id);
        }),
        transactions.run((manager) => insert(manager, 10_001)),
      ]);
      await pragma('max_page_count = 1000000');
      expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
      const rows = await dataSource.getRepository(CounterSchema).find({ order: { id: 'ASC' } });
      expect(rows.map(({ id }) => id)).toEqual([10_000, 10_001]);
    });

    it('are told after the commit, and the one that makes it fail fails alone', async () => {
      await transactions.run((manager) =>
        manager.query('CREATE TABLE owed (id int REFERENCES counter (id) DEFERRABLE INITIALLY DEFERRED)'),
      );
      const told: string[] = [];
      const tell = (name: string, work: Promise<unknown>): Promise<unknown> =>
        work.then(
          () => told.push(`${name} done`),
          () => told.push(`${name} refused`),
        );
      const statements = await recorded(() =>
        Promise.all([
          tell(
            'first',
            transactions.run((manager) => insert(manager, 1)),
          ),
          // Only the commit finds that there is no such row.
          tell(
            'owing',
            transactions.run((manager) => manager.query('INSERT INTO owed (id) VALUES (404)')),
          ),
          tell(
            'last',
            transactions.run((manager) => insert(manager, 2)),
          ),
        ]),
      );
      expect(told.toSorted()).toEqual(['first done', 'last done', 'owing refused']);
      expect(statements.filter((statement) => statement === 'COMMIT')).toHaveLength(4);
      expect(await count()).toBe(2);
      expect(await dataSource.query('SELECT id FROM owed')).toEqual([]);
    });

    it('run in the asynchronous context of whoever asked for them', async () => {
      const context = new AsyncLocalStorage<number>();
      const seen = await Promise.all(
        [1, 2, 3].map((one) => context.run(one, () => transactions.run(() => Promise.resolve(context.getStore())))),
      );
      expect(seen).toEqual([1, 2, 3]);
    });
  }

  if (!isSqlite) {
    it('wait three seconds for a lock and no longer, on every connection', async () => {
      const setting =
        testDatabaseKind() === 'postgres'
          ? `SELECT current_setting('lock_timeout') AS seconds, pg_sleep(0.1)`
          : `SELECT CONCAT(@@innodb_lock_wait_timeout, 's') AS seconds, SLEEP(0.1) AS slept`;
      const answers = await Promise.all(
        Array.from({ length: 8 }, () => dataSource.query<{ seconds: string }[]>(setting)),
      );
      expect(answers.map(([row]) => row?.seconds)).toEqual(answers.map(() => '3s'));
    });

    it('are ended by the server when their process does nothing for ten seconds, on every connection', async () => {
      const setting =
        testDatabaseKind() === 'postgres'
          ? `SELECT current_setting('idle_in_transaction_session_timeout') AS seconds, pg_sleep(0.1)`
          : `SELECT CONCAT(@@idle_transaction_timeout, 's') AS seconds, SLEEP(0.1) AS slept`;
      const answers = await Promise.all(
        Array.from({ length: 8 }, () => dataSource.query<{ seconds: string }[]>(setting)),
      );
      expect(answers.map(([row]) => row?.seconds)).toEqual(answers.map(() => '10s'));
    });
  }

  it('cannot be nested', async () => {
    await expect(transactions.run(() => transactions.run(async () => {}))).rejects.toThrow(/inside a transaction/);
    await transactions.run((manager) => insert(manager, 1));
    expect(await count()).toBe(1);
  });

  it('are the only way to write: the guard names the statement', async () => {
    await expect(dataSource.getRepository(CounterSchema).insert({ id: 1, value: 0 })).rejects.toThrow(
      /A write outside Transactions\.run: INSERT/,
    );
    expect(await count()).toBe(0);
  });

  it('do not lend their permission to work that outlives them', async () => {
    let late: Promise<unknown> = Promise.resolve();
    await transactions.run((manager) => {
      late = new Promise((resolve) => setTimeout(resolve, 20)).then(() =>
        dataSource.getRepository(CounterSchema).insert({ id: 9, value: 0 }),
      );
      late.catch(() => undefined);
      return insert(manager, 1);
    });
    await expect(late).rejects.toThrow(/A write outside/);
    expect(await count()).toBe(1);
  });

  it('tell the time of the database in UTC with milliseconds', async () => {
    const times = await Promise.all(Array.from({ length: 5 }, () => databaseNow(dataSource.manager)));
    for (const time of times) expect(Math.abs(time.getTime() - Date.now())).toBeLessThan(5_000);
    const later = await transactions.run(async (manager) => {
      const first = await databaseNow(manager);
      await new Promise((resolve) => setTimeout(resolve, 15));
      return (await databaseNow(manager)).getTime() - first.getTime();
    });
    // It goes on within a transaction, where PostgreSQL's now() stands still.
    expect(later).toBeGreaterThanOrEqual(10);
  });
});
