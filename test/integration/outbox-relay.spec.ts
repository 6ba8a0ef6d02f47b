import { Logger } from '@nestjs/common';
import type { DataSource } from 'typeorm';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Environment, parseEnvironment } from '../../src/config/env.js';
import { createDataSource } from '../../src/database/data-source.js';
import { databaseNow } from '../../src/database/database-clock.js';
import { newId } from '../../src/database/new-id.js';
import { rowLock } from '../../src/database/row-lock.js';
import { Transactions } from '../../src/database/transactions.js';
import { GradingQueue } from '../../src/queue/grading-queue.js';
import { OutboxMessage } from '../../src/queue/outbox-message.entity.js';
import { OutboxRelay } from '../../src/queue/outbox-relay.js';
import { Outbox } from '../../src/queue/outbox.js';
import { bringSchemaUpToDate } from '../../src/schema.js';
import { createTemporaryDatabase, type TemporaryDatabase, testDatabaseKind } from '../support/temporary-database.js';
import { waitFor } from '../support/wait-for.js';

class RecordingQueue extends GradingQueue {
  outlivesProcess = true;
  readonly published: string[] = [];
  isAway = false;
  waitingNow = 0;
  refusals = 0;

  publish(runId: string): Promise<void> {
    if (this.isAway) {
      this.refusals += 1;
      return Promise.reject(new Error('The queue is away on purpose.'));
    }
    this.published.push(runId);
    return Promise.resolve();
  }

  consume(): void {}

  pause(): void {}

  resume(): void {}

  close(): Promise<void> {
    return Promise.resolve();
  }

  waiting(): Promise<number> {
    return Promise.resolve(this.waitingNow);
  }
}

let database: TemporaryDatabase;
let environment: Environment;
let dataSource: DataSource;
let transactions: Transactions;
let queue: RecordingQueue;
let relay: OutboxRelay;
const outbox = new Outbox();

beforeAll(async () => {
  Logger.overrideLogger(false);
  database = await createTemporaryDatabase();
  environment = parseEnvironment({ DATABASE_URL: database.url, OUTBOX_SWEEP_MS: '50' });
  await bringSchemaUpToDate(environment);
  dataSource = createDataSource(environment, [OutboxMessage], { guardWrites: true });
  await dataSource.initialize();
  transactions = new Transactions(dataSource);
});

afterAll(async () => {
  await dataSource.destroy();
  await database.drop();
});

beforeEach(() => {
  queue = new RecordingQueue();
  relay = new OutboxRelay(environment, transactions, queue);
});

afterEach(async () => {
  await relay.stop();
  await transactions.run((manager) => manager.createQueryBuilder().delete().from(OutboxMessage).execute());
});

/** Adds a run that is due `delayMs` from now. */
async function add(delayMs = 0): Promise<string> {
  const runId = newId();
  await transactions.run(async (manager) => {
    const now = await databaseNow(manager);
    await outbox.add(manager, runId, now);
    await outbox.postpone(manager, runId, new Date(now.getTime() + delayMs));
  });
  return runId;
}

const message = (runId: string): Promise<OutboxMessage> => dataSource.manager.findOneByOrFail(OutboxMessage, { runId });

describe('a sweep', () => {
  it('hands over what is due, oldest first, and marks it', async () => {
    const [second, first] = [await add(-1_000), await add(-2_000)];
    await add(60_000);
    expect(await relay.sweep()).toBe(2);
    expect(queue.published).toEqual([first, second]);
    const { publishedAt, publications, dueAt } = await message(first);
    expect(publications).toBe(1);
    // Should nobody take it, it is due again a minute later.
    expect(dueAt.getTime() - (publishedAt?.getTime() ?? 0)).toBe(60_000);
    expect(await relay.sweep()).toBe(0);
  });

  it('hands each run over once when several relays sweep at the same time', async () => {
    const added = await Promise.all(Array.from({ length: 30 }, () => add(-1_000)));
    const relays = Array.from({ length: 4 }, () => new OutboxRelay(environment, transactions, queue));
    await Promise.all(relays.map((one) => one.sweep()));
    expect(queue.published.toSorted()).toEqual(added.toSorted());
  });

  // SQLite has no row locks: its transactions take turns.
  if (testDatabaseKind() !== 'sqlite') {
    it('passes over a run that a frozen process holds', async () => {
      const [held, free] = [await add(-2_000), await add(-1_000)];
      const frozen = dataSource.createQueryRunner();
      await frozen.startTransaction();
      try {
        await frozen.manager.findOneOrFail(OutboxMessage, { where: { runId: held }, ...rowLock(frozen.manager) });
        expect(await relay.sweep()).toBe(1);
        expect(queue.published).toEqual([free]);
      } finally {
        await frozen.rollbackTransaction();
        await frozen.release();
      }
      expect(await relay.sweep()).toBe(1);
      expect(queue.published).toEqual([free, held]);
    });
  }

  it('takes its mark back where the queue refuses, so that the run is due at once', async () => {
    const runId = await add(-1_000);
    queue.isAway = true;
    await expect(relay.sweep()).rejects.toThrow('away on purpose');
    queue.isAway = false;
    expect(await relay.sweep()).toBe(1);
    expect(queue.published).toEqual([runId]);
  });

  it('does not hand over what was removed', async () => {
    const runId = await add(-1_000);
    await transactions.run((manager) => outbox.remove(manager, runId));
    expect(await relay.sweep()).toBe(0);
  });

  it('is repeated until the relay stops', async () => {
    relay.startSweeping();
    const runId = await add(-1_000);
    await waitFor(() => queue.published.includes(runId), { until: 'a sweep has found the run' });
    await relay.stop();
    await add(-1_000);
    expect(queue.published).toEqual([runId]);
  });

  it('goes on without a pause while more is due than it takes at once', async () => {
    const slow = new OutboxRelay(
      parseEnvironment({ DATABASE_URL: database.url, OUTBOX_SWEEP_MS: '60000' }),
      transactions,
      queue,
    );
    const runIds = Array.from({ length: 450 }, () => newId());
    await transactions.run(async (manager) => {
      const now = await databaseNow(manager);
      for (const runId of runIds) await outbox.add(manager, runId, now);
    });
    slow.startSweeping();
    await waitFor(() => queue.published.length === runIds.length, { until: 'all were handed over' });
    await slow.stop();
    expect(new Set(queue.published)).toEqual(new Set(runIds));
  });

  it('hands over again within seconds what a queue has forgotten, and leaves alone what backs off or is being graded', async () => {
    const [forgotten, claimed, backingOff] = [await add(), await add(), await add()];
    expect(await relay.sweep()).toBe(3);
    await transactions.run(async (manager) => {
      const now = (await databaseNow(manager)).getTime();
      await outbox.postpone(manager, claimed, new Date(now + 45_000));
      await outbox.postpone(manager, backingOff, new Date(now + 30_000));
      // As if it had been handed over six seconds ago.
      await manager.update(
        OutboxMessage,
        { runId: forgotten },
        { publishedAt: new Date(now - 6_000), dueAt: new Date(now + 54_000) },
      );
    });
    queue.published.length = 0;
    relay.startSweeping();
    await waitFor(() => queue.published.includes(forgotten), { until: 'it was handed over again' });
    expect(queue.published).toEqual([forgotten]);
  });

  it('hands nothing over again while something waits in the queue', async () => {
    const runId = await add();
    expect(await relay.sweep()).toBe(1);
    await transactions.run(async (manager) => {
      const now = (await databaseNow(manager)).getTime();
      await manager.update(
        OutboxMessage,
        { runId },
        { publishedAt: new Date(now - 6_000), dueAt: new Date(now + 54_000) },
      );
    });
    queue.waitingNow = 1;
    for (let turn = 0; turn < 3; turn += 1) expect(await relay.sweep()).toBe(0);
  });

  it('goes on after an outage of the queue', async () => {
    queue.isAway = true;
    relay.startSweeping();
    const runId = await add(-1_000);
    await waitFor(async () => (await message(runId)).publications >= 2, { until: 'two sweeps were refused' });
    queue.isAway = false;
    await waitFor(() => queue.published.includes(runId), { until: 'a sweep has handed the run over' });
  });
});

describe('a process that could not look for a while', () => {
  it('takes an ended lease for the sign of a dead worker only a whole lease later', async () => {
    const leaseMs = 1_000;
    const blinded = new OutboxRelay(
      parseEnvironment({
        DATABASE_URL: database.url,
        OUTBOX_SWEEP_MS: '50',
        GRADING_LEASE_MS: String(leaseMs),
      }),
      transactions,
      queue,
    );
    blinded.startSweeping();
    const before = await add(-1_000);
    await waitFor(() => queue.published.includes(before), { until: 'a sweep has found the run' });
    const runId = await add(300);
    // Nothing happens in this process meanwhile, as while its machine sleeps.
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 2 * leaseMs);
    const awakeAt = performance.now();
    await waitFor(() => queue.published.includes(runId), { until: 'the run was handed over' });
    expect(performance.now() - awakeAt).toBeGreaterThanOrEqual(leaseMs);
    await blinded.stop();
  });
});

describe('the first sweep of a process', () => {
  it.each([
    ['at once what died with the queue of the former', false],
    ['nothing that the queue still has', true],
  ])('hands over %s', async (_what, outlivesProcess) => {
    const [waiting, claimed, backingOff, ripe] = [await add(), await add(), await add(), newId()];
    expect(await relay.sweep()).toBe(3);
    await transactions.run(async (manager) => {
      const now = (await databaseNow(manager)).getTime();
      await outbox.postpone(manager, claimed, new Date(now + 15_000));
      await outbox.postpone(manager, backingOff, new Date(now + 8_000));
      await outbox.add(manager, ripe, new Date(now));
    });
    const successor = new RecordingQueue();
    successor.outlivesProcess = outlivesProcess;
    const next = new OutboxRelay(environment, transactions, successor);
    next.startSweeping();
    await waitFor(() => successor.published.includes(ripe), { until: 'the first sweep is over' });
    await next.stop();
    expect(successor.published.toSorted()).toEqual((outlivesProcess ? [ripe] : [ripe, waiting]).toSorted());
  });
});

describe('ringing', () => {
  it('hands the run over at once and leaves the outbox as it is', async () => {
    const runId = await add();
    relay.ring(runId);
    await waitFor(() => queue.published.includes(runId), { until: 'it was published' });
    expect(await message(runId)).toMatchObject({ publications: 0, publishedAt: null });
  });

  it('does not throw when the queue is away: the sweep does it later', async () => {
    const runId = await add();
    queue.isAway = true;
    expect(() => relay.ring(runId)).not.toThrow();
    await waitFor(() => queue.refusals === 1, { until: 'the queue has refused it' });
    queue.isAway = false;
    expect(await relay.sweep()).toBe(1);
    expect(queue.published).toEqual([runId]);
  });

  it('does nothing any more once the relay has stopped', async () => {
    await relay.stop();
    relay.ring(await add());
    expect(queue.published).toEqual([]);
  });
});
