import type { DataSource } from 'typeorm';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Environment, parseEnvironment } from '../../src/config/env.js';
import { createDataSource } from '../../src/database/data-source.js';
import { databaseNow } from '../../src/database/database-clock.js';
import { distinctValues } from '../../src/database/distinct-values.js';
import { newId } from '../../src/database/new-id.js';
import { Transactions } from '../../src/database/transactions.js';
import { flowOf } from '../../src/queue/flow.js';
import { OutboxHandover } from '../../src/queue/outbox-handover.js';
import { OutboxMessage } from '../../src/queue/outbox-message.entity.js';
import { OutboxRelay } from '../../src/queue/outbox-relay.js';
import { Outbox, type Place } from '../../src/queue/outbox.js';
import { QueuePositions } from '../../src/queue/queue-positions.js';
import { bringSchemaUpToDate } from '../../src/schema.js';
import { createTemporaryDatabase, type TemporaryDatabase } from '../support/temporary-database.js';
import { waitFor } from '../support/wait-for.js';
import { WaitingQueue } from '../support/waiting-queue.js';

const MINUTE_MS = 60_000;
/** Runs that are handed over at a time, and the window of a worker of twice as many slots. */
const ROOM = 8;

let database: TemporaryDatabase;
let environment: Environment;
let dataSource: DataSource;
let transactions: Transactions;
let handover: OutboxHandover;
const outbox = new Outbox();

beforeAll(async () => {
  database = await createTemporaryDatabase();
  environment = parseEnvironment({ DATABASE_URL: database.url, WORKER_CONCURRENCY: String(2 * ROOM) });
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
  handover = new OutboxHandover(transactions);
});

afterEach(async () => {
  await transactions.run((manager) => manager.createQueryBuilder().delete().from(OutboxMessage).execute());
});

interface Work extends Partial<Place> {
  readonly studentId: string;
  /** How many runs of this student. */
  readonly runs?: number;
}

/** Adds runs in this order, and returns their ids. */
async function add(...works: readonly Work[]): Promise<string[]> {
  const ids: string[] = [];
  await transactions.run(async (manager) => {
    ids.length = 0;
    const now = await databaseNow(manager);
    for (const { runs = 1, ...work } of works) {
      for (let run = 0; run < runs; run += 1) {
        const place: Place = { workClass: 'interactive', courseId: 'course', weight: 1, ...work };
        const runId = newId();
        await outbox.add(manager, runId, now, place);
        ids.push(runId);
      }
    }
  });
  return ids;
}

const row = (runId: string): Promise<OutboxMessage> => dataSource.manager.findOneByOrFail(OutboxMessage, { runId });

/** What a worker does with them: claims them and ends them. */
async function grade(runIds: readonly string[]): Promise<void> {
  await transactions.run(async (manager) => {
    const until = new Date((await databaseNow(manager)).getTime() + MINUTE_MS);
    for (const runId of runIds) {
      await outbox.postpone(manager, runId, until);
      await outbox.remove(manager, runId);
    }
  });
}

/** Hands over and grades until nobody waits; the ids in the order in which they were handed over. */
async function drain(room = ROOM): Promise<string[]> {
  const order: string[] = [];
  for (;;) {
    const taken = await handover.take(room);
    if (taken.length === 0) return order;
    order.push(...taken);
    await grade(taken);
  }
}

const students = (count: number, work: Partial<Work> = {}): Work[] =>
  Array.from({ length: count }, (_, number) => ({ studentId: `student ${number}`, ...work }));

describe('the turns of students', () => {
  it('let each of fifty go before all but two of a thousand that one handed in before them', async () => {
    const flood = new Set(await add({ studentId: 'flooder', runs: 1_000 }));
    const others = await add(...students(50));
    const order = await drain();
    expect(order).toHaveLength(1_050);
    for (const other of others) {
      const ahead = order.slice(0, order.indexOf(other)).filter((id) => flood.has(id));
      expect(ahead.length).toBeLessThanOrEqual(2);
    }
    // And those who came at the same time are served in the order in which they came.
    expect(order.filter((id) => !flood.has(id))).toEqual(others);
  });

  it('do so as well while the flood is being graded: the queue never holds more than two of it', async () => {
    const flood = await add({ studentId: 'flooder', runs: 40 });
    for (let graded = 0; graded < 10; graded += 2) {
      const taken = await handover.take(ROOM);
      expect(taken).toEqual(flood.slice(graded, graded + 2));
      await grade(taken);
    }
    const inQueue = await handover.take(ROOM);
    expect(inQueue).toHaveLength(2);
    expect(await handover.take(ROOM)).toEqual([]);
    const others = await add(...students(20));
    const order = [...inQueue, ...(await drain())];
    for (const other of others) {
      const ahead = order.slice(0, order.indexOf(other)).filter((id) => flood.includes(id));
      expect(ahead.length).toBeLessThanOrEqual(2);
    }
  });

  it('come behind what is being graded of the same student', async () => {
    const [first = ''] = await add({ studentId: 'ada' });
    await transactions.run(async (manager) => {
      await outbox.postpone(manager, first, new Date((await databaseNow(manager)).getTime() + MINUTE_MS));
    });
    const [second = '', other = ''] = await add({ studentId: 'ada' }, { studentId: 'bob' });
    expect([(await row(second)).turn, (await row(other)).turn]).toEqual([1, 1]);
    await grade([other]);
    const [later = ''] = await add({ studentId: 'bob' });
    expect(await drain()).toEqual([second, later]);
  });

  it('are kept by a run that is handed back', async () => {
    const [first = '', ...others] = await add({ studentId: 'ada' }, ...students(3), { studentId: 'ada' });
    expect(await handover.take(1)).toEqual([first]);
    await transactions.run(async (manager) => {
      const now = await databaseNow(manager);
      await outbox.postpone(manager, first, new Date(now.getTime() + MINUTE_MS));
      await outbox.putBack(manager, first, now);
    });
    expect(await row(first)).toMatchObject({ isWaiting: true, turn: 0 });
    expect(await drain()).toEqual([first, ...others]);
  });

  it('of one course say nothing in another', async () => {
    await add({ studentId: 'ada', runs: 5 });
    const [elsewhere = ''] = await add({ studentId: 'ada', courseId: 'another course' });
    expect((await row(elsewhere)).turn).toBe(0);
  });
});

describe('courses', () => {
  it('take turns: one that comes behind many hundreds of another is next or next but one', async () => {
    await add(...students(300, { courseId: 'crowded' }));
    await grade(await handover.take(ROOM));
    const [small = ''] = await add({ studentId: 'ada', courseId: 'small' });
    expect((await handover.take(2)).includes(small)).toBe(true);
  });

  it('get what their weights say while both wait', async () => {
    const heavy = new Set(await add(...students(120, { courseId: 'heavy', weight: 3 })));
    await add(...students(120, { courseId: 'light', weight: 1 }));
    const order: string[] = [];
    for (let choice = 0; choice < 10; choice += 1) {
      const taken = await handover.take(ROOM);
      order.push(...taken);
      await grade(taken);
    }
    expect(order.filter((id) => heavy.has(id))).toHaveLength(60);
  });

  it('are found however many runs another has in the same class', async () => {
    await add(
      ...students(100, { courseId: 'a' }),
      ...students(2, { courseId: 'b' }),
      ...students(2, { courseId: 'c' }),
    );
    const values = await distinctValues(dataSource.manager, {
      table: 'outbox_messages',
      column: 'flow',
      where: '"isWaiting" = TRUE',
    });
    expect(values).toEqual(['a', 'b', 'c'].map((course) => flowOf('interactive', course)));
  });
});

describe('classes of work', () => {
  it('go one after the other', async () => {
    const [rejudged = '', late = '', interactive = ''] = await add(
      { studentId: 'ada', workClass: 'rejudge' },
      { studentId: 'ada', workClass: 'late' },
      { studentId: 'bob' },
    );
    expect(await drain()).toEqual([interactive, late, rejudged]);
  });

  it('do not wait for ever: what has been due for long gets one of eight turns', async () => {
    const [rejudged = ''] = await add({ studentId: 'ada', workClass: 'rejudge' });
    await transactions.run(async (manager) => {
      const dueAt = new Date((await databaseNow(manager)).getTime() - 10 * MINUTE_MS);
      await manager.update(OutboxMessage, { runId: rejudged }, { dueAt });
    });
    await add(...students(60));
    const first = (await drain(2)).indexOf(rejudged);
    expect(first).toBeGreaterThan(0);
    expect(first).toBeLessThanOrEqual(8);
  });
});

describe('several processes that hand over', () => {
  it('never hand over the same run', async () => {
    const all = await add(...students(100), ...students(100, { courseId: 'another' }));
    const processes = Array.from({ length: 4 }, () => new OutboxHandover(transactions));
    const taken: string[] = [];
    for (let round = 0; round < 200 && taken.length < all.length; round += 1) {
      const batches = await Promise.all(processes.map((one) => one.take(ROOM)));
      for (const batch of batches) taken.push(...batch);
    }
    expect(taken).toHaveLength(all.length);
    expect(new Set(taken)).toEqual(new Set(all));
  });
});

describe('the window of the queue', () => {
  it('is filled up by a sweep, and again when a worker has claimed a run and half of it is gone', async () => {
    const all = await add(...students(40));
    const queue = new WaitingQueue();
    const relay = new OutboxRelay(environment, transactions, queue);
    expect(await relay.sweep()).toBe(ROOM);
    expect(queue.ids).toEqual(all.slice(0, ROOM));
    expect(await relay.sweep()).toBe(0);
    await grade(queue.ids.splice(0, 5));
    relay.refill();
    await waitFor(() => queue.ids.length === ROOM, { until: 'the queue is full again' });
    expect(queue.ids).toEqual(all.slice(5, 5 + ROOM));
    await relay.stop();
  });

  it('is left alone while it is more than half full', async () => {
    await add(...students(40));
    const queue = new WaitingQueue();
    const relay = new OutboxRelay(environment, transactions, queue);
    await relay.sweep();
    await grade(queue.ids.splice(0, 2));
    relay.refill();
    await relay.stop();
    expect(queue.ids).toHaveLength(ROOM - 2);
  });

  it('takes new runs at once while it is as good as empty, and then nobody who would overtake', async () => {
    const [first = '', second = '', third = '', fourth = ''] = await add(...students(4));
    const queue = new WaitingQueue();
    const relay = new OutboxRelay(environment, transactions, queue);
    for (const id of [first, second, third]) relay.ring(id);
    await waitFor(() => queue.ids.length === 2, { until: 'two were handed over' });
    queue.ids.shift();
    // There is room now, but the third waits in the outbox and was there before.
    relay.ring(fourth);
    await relay.sweep();
    expect(queue.ids.indexOf(third)).toBeLessThan(queue.ids.indexOf(fourth));
    await relay.stop();
  });

  it('takes them by turns where it is empty and others were there before', async () => {
    const ids = await add({ studentId: 'flooder', runs: 4 });
    const queue = new WaitingQueue();
    const relay = new OutboxRelay(environment, transactions, queue);
    for (const id of ids.slice(0, 3)) relay.ring(id);
    await waitFor(() => queue.ids.length === 2, { until: 'two were handed over' });
    await grade(queue.ids.splice(0, 2));
    relay.ring(ids[3] ?? '');
    await waitFor(() => queue.ids.length === 2, { until: 'the others were chosen' });
    expect(queue.ids).toEqual(ids.slice(2));
    await relay.stop();
  });
});

describe('the position in the line', () => {
  it('is that in which runs are handed over, where one course waits', async () => {
    await add({ studentId: 'flooder', runs: 10 }, ...students(10));
    const positions = new QueuePositions(dataSource);
    const expected = new Map<string, number | undefined>();
    for (const { runId } of await dataSource.manager.find(OutboxMessage)) {
      expected.set(runId, (await positions.find(runId))?.position);
    }
    const order = await drain(1);
    expect(order.map((id) => expected.get(id))).toEqual(order.map((_, index) => index + 1));
  });

  it('counts the classes before its own, and other courses by weight', async () => {
    await add(...students(20, { courseId: 'crowded' }), ...students(5, { courseId: 'small' }));
    const [mine = '', late = ''] = await add(
      { studentId: 'ada', courseId: 'small' },
      { studentId: 'ada', courseId: 'small', workClass: 'late' },
    );
    const positions = new QueuePositions(dataSource);
    expect(await positions.find(mine)).toEqual({ position: 6 + 5, running: 0 });
    expect(await positions.find(late)).toEqual({ position: 26 + 1, running: 0 });
  });

  it('is null for a run that a worker has, or that is over', async () => {
    const [claimed = '', over = ''] = await add(...students(2));
    await grade([over]);
    await transactions.run(async (manager) => {
      await outbox.postpone(manager, claimed, new Date((await databaseNow(manager)).getTime() + MINUTE_MS));
    });
    const positions = new QueuePositions(dataSource);
    expect([await positions.find(claimed), await positions.find(over)]).toEqual([null, null]);
  });
});
