import type { DataSource } from 'typeorm';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { parseEnvironment } from '../../src/config/env.js';
import { createDataSource } from '../../src/database/data-source.js';
import { newId } from '../../src/database/new-id.js';
import { Transactions } from '../../src/database/transactions.js';
import { bringSchemaUpToDate } from '../../src/schema.js';
import { WorkerProcess } from '../../src/workers/worker-process.entity.js';
import type { WorkerReport } from '../../src/workers/worker-report.js';
import type { WorkerWish } from '../../src/workers/worker-state.js';
import { type NewWorker, type WorkerNews, WorkerRows } from '../../src/workers/worker-rows.js';
import { createTemporaryDatabase, testDatabaseKind, type TemporaryDatabase } from '../support/temporary-database.js';

let database: TemporaryDatabase;
let dataSource: DataSource;
let transactions: Transactions;
let rows: WorkerRows;

beforeAll(async () => {
  database = await createTemporaryDatabase();
  const environment = parseEnvironment({ DATABASE_URL: database.url });
  await bringSchemaUpToDate(environment);
  dataSource = createDataSource(environment, [WorkerProcess], { guardWrites: true });
  await dataSource.initialize();
  transactions = new Transactions(dataSource);
  rows = new WorkerRows(dataSource, transactions);
});
afterAll(async () => {
  await dataSource?.destroy();
  await transactions?.onApplicationShutdown();
  await database?.drop();
});
beforeEach(() => transactions.run((manager) => manager.clear(WorkerProcess)));

function newWorker(givenName: string | null = null): NewWorker {
  const id = newId();
  return { id, givenName, leaseOwner: `host:1:${id}`, version: '0.1.0', concurrency: 3 };
}
const STARTING: WorkerNews = { state: 'starting', reason: null, report: null };
const REPORT: WorkerReport = {
  runtimes: [{ key: 'python', title: 'Python', version: '3.11.2', available: true, reason: null }],
  sandbox: { driver: 'bubblewrap', holds: { network: true, memory: 'tree' } },
};

const find = (id: string): Promise<WorkerProcess | null> => dataSource.manager.findOneBy(WorkerProcess, { id });
/** As if it had not been heard of for so long. */
const silence = (id: string, minutes: number): Promise<unknown> =>
  transactions.run((manager) =>
    manager.update(WorkerProcess, { id }, { lastSeenAt: new Date(Date.now() - minutes * 60_000) }),
  );

const want = (id: string, wish: WorkerWish): Promise<WorkerProcess | null> =>
  transactions.run((manager) => rows.want(manager, id, wish));

describe(`workers on ${testDatabaseKind()}`, () => {
  it('are known from their start to their end, with what they tell', async () => {
    const worker = newWorker();
    expect(await rows.register(worker, STARTING)).toBe('run');
    const begun = await find(worker.id);
    expect(begun).toMatchObject({ name: worker.leaseOwner, state: 'starting', concurrency: 3, report: null });
    expect(await rows.report(worker.id, { state: 'idle', reason: null, report: REPORT }, true)).toBe(true);
    expect(await find(worker.id)).toMatchObject({ state: 'idle', report: REPORT, startedAt: begun?.startedAt });
    expect(await rows.reports()).toEqual([REPORT]);
    await rows.leave(worker.id, null);
    expect(await find(worker.id)).toBeNull();
    expect(await rows.report(worker.id, STARTING, false)).toBe(false);
    expect(await rows.wishOf(worker.id)).toBeNull();
  });

  it('keep the time since when they do the same', async () => {
    const worker = newWorker();
    await rows.register(worker, STARTING);
    const since = new Date(Date.UTC(2026, 0, 1));
    await transactions.run((manager) => manager.update(WorkerProcess, { id: worker.id }, { stateSince: since }));
    await rows.report(worker.id, STARTING, false);
    expect(await find(worker.id)).toMatchObject({ stateSince: since });
    await rows.report(worker.id, { ...STARTING, state: 'idle' }, true);
    expect((await find(worker.id))?.stateSince.getTime()).toBeGreaterThan(since.getTime());
  });

  it('hear what is wanted of them, and telling news takes no wish back', async () => {
    const [worker, other] = [newWorker(), newWorker()];
    await rows.register(worker, STARTING);
    await rows.register(other, STARTING);
    expect(await want(worker.id, 'drain')).toMatchObject({ id: worker.id, wish: 'drain' });
    expect(await want(worker.id, 'drain')).toMatchObject({ wish: 'drain' });
    await rows.report(worker.id, { ...STARTING, state: 'drained' }, true);
    expect([await rows.wishOf(worker.id), await rows.wishOf(other.id)]).toEqual(['drain', 'run']);
    expect(await want(newId(), 'pause')).toBeNull();
  });

  it.each([
    ['pause', 'pause'],
    ['drain', 'run'],
    ['run', 'run'],
  ] as const)(
    'with a name: after %s and a restart, whether orderly or not, what is wanted is %s',
    async (wish, after) => {
      const first = newWorker('grader-1');
      await rows.register(first, STARTING);
      await want(first.id, wish);
      await rows.leave(first.id, 'grader-1');
      const second = newWorker('grader-1');
      expect(await rows.register(second, STARTING)).toBe(after);
      // Killed this time.
      await silence(second.id, 1);
      await want(second.id, wish);
      const third = newWorker('grader-1');
      expect(await rows.register(third, STARTING)).toBe(after);
      expect(await dataSource.manager.countBy(WorkerProcess, { name: 'grader-1' })).toBe(1);
      expect(await rows.register(newWorker('grader-2'), STARTING)).toBe('run');
    },
  );

  it('without a name: a pause ends with the process', async () => {
    const worker = newWorker();
    await rows.register(worker, STARTING);
    await want(worker.id, 'pause');
    await rows.leave(worker.id, null);
    expect(await find(worker.id)).toBeNull();
  });

  it('that died count no more for what can be graded, and are forgotten after an hour', async () => {
    const [dead, paused, living] = [newWorker(), newWorker('grader-1'), newWorker()];
    for (const worker of [dead, paused]) await rows.register(worker, { ...STARTING, report: REPORT });
    await want(paused.id, 'pause');
    await silence(dead.id, 2);
    await silence(paused.id, 61);
    expect(await rows.reports()).toEqual([]);
    await rows.register(living, STARTING);
    expect(await find(dead.id)).not.toBeNull();
    await silence(dead.id, 61);
    await rows.register(newWorker(), STARTING);
    expect(await find(dead.id)).toBeNull();
    // Its successor must learn that it was paused.
    expect(await find(paused.id)).not.toBeNull();
  });
});
