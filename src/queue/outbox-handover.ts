import { type EntityManager, In, IsNull, LessThanOrEqual, MoreThan, Not } from 'typeorm';
import { clockOf, databaseNow, readClock } from '../database/database-clock.js';
import { distinctValues } from '../database/distinct-values.js';
import { columnsOf, readRow } from '../database/entity-rows.js';
import { select } from '../database/portable-sql.js';
import { freeRowLock } from '../database/row-lock.js';
import type { Transactions } from '../database/transactions.js';
import { type Choice, chooseFairly, type DueRun } from './choose-fairly.js';
import { CourseShares } from './course-shares.js';
import { OutboxMessage } from './outbox-message.entity.js';

/** When a run that was handed over and not claimed is handed over again. */
const RING_AGAIN_MS = 60_000;

/** Rows of one statement. */
const BATCH = 200;

/** How many of the first runs are looked at, of all lanes and of each: more than the queue ever holds of one student. */
const FIRST_RUNS = 32;

/** One of so many runs is the one that was due first, whatever its class, course and turn, … */
const SLOTS_TO_THE_OLDEST = 8;
/** … once it has been due for so long: nobody waits for ever. */
const OLD_MS = 300_000;

/**
 * Decides which runs are handed to the queue, and marks them: should the process die before it has published them, they are due
 * again a minute later, and no two processes hand over the same one at once. Each method is one short transaction.
 */
export class OutboxHandover {
  private readonly shares = new Map<number, CourseShares>();
  private slots = 0;

  constructor(private readonly transactions: Transactions) {}

  /** Takes at most `room` runs that wait for a worker, in fair order; returns their ids. */
  take(room: number): Promise<readonly string[]> {
    return this.transactions.run(async (manager) => {
      const line = await look(manager);
      if (line === null) return [];
      const { now } = line;
      const oldest = this.isOldestsTurn(room) ? await oldestRun(manager, now) : null;
      const chosen = await chooseFairly({
        ...line,
        room: oldest === null ? room : room - 1,
        sharesOf: (classNumber) => this.sharesOf(classNumber),
      });
      const wanted = [...(oldest === null ? [] : [oldest]), ...chosen.filter(({ id }) => id !== oldest?.id)];
      const taken = await mark(manager, wanted, now);
      this.slots += taken.length;
      return taken;
    });
  }

  /** Takes runs that were claimed, and whose leases are over: their workers died. They wait for nobody's turn. */
  takeUnfinished(): Promise<readonly string[]> {
    return this.transactions.run(async (manager) => {
      const now = await databaseNow(manager);
      // Without an order: the engine would walk through all that waits to have it. There are few, and the rest comes next time.
      const found = await manager.find(OutboxMessage, {
        where: { isWaiting: false, dueAt: LessThanOrEqual(now) },
        take: BATCH,
        // What another relay, or a worker, holds is looked after by it; and one that froze with its locks stops nobody here.
        ...freeRowLock(manager),
      });
      found.sort((one, other) => one.dueAt.getTime() - other.dueAt.getTime());
      await markRows(
        manager,
        found.map(({ id }) => id),
        now,
      );
      return found.map(({ runId }) => runId);
    });
  }

  /** The queue refused them: they are due again at once. */
  async giveBack(runIds: readonly string[]): Promise<void> {
    await this.transactions.run(async (manager) => {
      const now = await databaseNow(manager);
      await manager.update(OutboxMessage, { runId: In([...runIds]) }, { dueAt: now });
    });
  }

  /**
   * Makes due at once what a former process had handed to a queue that died with it. A run that was claimed since is due at
   * the end of its lease, one that backs off at another time: both are left alone.
   */
  async takeUp(): Promise<void> {
    await this.transactions.run(async (manager) => {
      const now = await databaseNow(manager);
      const later = await manager.findBy(OutboxMessage, { dueAt: MoreThan(now), publishedAt: Not(IsNull()) });
      const handedOver = later
        .filter(({ dueAt, publishedAt }) => dueAt.getTime() - (publishedAt?.getTime() ?? 0) === RING_AGAIN_MS)
        .map(({ id }) => id);
      for (let start = 0; start < handedOver.length; start += BATCH) {
        await manager.update(OutboxMessage, { id: In(handedOver.slice(start, start + BATCH)) }, { dueAt: now });
      }
    });
  }

  private isOldestsTurn(room: number): boolean {
    return Math.floor((this.slots + room) / SLOTS_TO_THE_OLDEST) > Math.floor(this.slots / SLOTS_TO_THE_OLDEST);
  }

  private sharesOf(classNumber: number): CourseShares {
    const known = this.shares.get(classNumber) ?? new CourseShares();
    this.shares.set(classNumber, known);
    return known;
  }
}

/** The line as it is now; null where nobody waits. Nothing is locked. */
async function look(
  manager: EntityManager,
): Promise<(Pick<Choice, 'lanes' | 'held' | 'runsOf'> & { readonly now: Date }) | null> {
  const rows = await select(
    manager,
    `SELECT ${clockOf(manager)} AS "now", ${columnsOf(manager, OutboxMessage, 'message')}
      FROM "outbox_messages" "message" WHERE "message"."isWaiting" = TRUE
      ORDER BY "message"."lane", "message"."turn", "message"."id" LIMIT ${FIRST_RUNS}`,
  );
  const [first] = rows;
  if (first === undefined) return null;
  const now = readClock(first['now']);
  if (rows.length === FIRST_RUNS) return lookAtLanes(manager, now);
  // These are all that wait.
  const runs = rows.flatMap((row) => readRow(manager, OutboxMessage, 'message', row) ?? []);
  const due = runs.filter(({ dueAt }) => dueAt <= now);
  return {
    now,
    lanes: [...new Set(due.map(({ lane }) => lane))],
    held: runs.filter(({ dueAt }) => dueAt > now),
    runsOf: (lane) => Promise.resolve(due.filter((run) => run.lane === lane)),
  };
}

/** The same where many wait: each lane is looked at by itself, and only if it is its turn. */
async function lookAtLanes(
  manager: EntityManager,
  now: Date,
): Promise<Pick<Choice, 'lanes' | 'held' | 'runsOf'> & { readonly now: Date }> {
  const held = await manager.find(OutboxMessage, {
    select: { id: true, lane: true, studentId: true },
    where: { isWaiting: true, dueAt: MoreThan(now) },
  });
  return {
    now,
    lanes: await distinctValues(manager, { table: 'outbox_messages', column: 'lane', where: '"isWaiting" = TRUE' }),
    held,
    runsOf: (lane) =>
      manager.find(OutboxMessage, {
        where: { isWaiting: true, lane, dueAt: LessThanOrEqual(now) },
        order: { turn: 'ASC', id: 'ASC' },
        take: FIRST_RUNS,
      }),
  };
}

async function oldestRun(manager: EntityManager, now: Date): Promise<DueRun | null> {
  return manager.findOne(OutboxMessage, {
    where: { isWaiting: true, dueAt: LessThanOrEqual(new Date(now.getTime() - OLD_MS)) },
    order: { dueAt: 'ASC', id: 'ASC' },
  });
}

/** Marks those that are still free, and returns their ids in the order in which they were chosen. */
async function mark(manager: EntityManager, chosen: readonly DueRun[], now: Date): Promise<readonly string[]> {
  if (chosen.length === 0) return [];
  const free = await manager.find(OutboxMessage, {
    select: { id: true },
    where: { id: In(chosen.map(({ id }) => id)), isWaiting: true, dueAt: LessThanOrEqual(now) },
    ...freeRowLock(manager),
  });
  const freeIds = new Set(free.map(({ id }) => id));
  await markRows(manager, [...freeIds], now);
  return chosen.filter(({ id }) => freeIds.has(id)).map(({ runId }) => runId);
}

async function markRows(manager: EntityManager, ids: readonly string[], now: Date): Promise<void> {
  if (ids.length === 0) return;
  await manager
    .createQueryBuilder()
    .update(OutboxMessage)
    .set({
      dueAt: new Date(now.getTime() + RING_AGAIN_MS),
      publishedAt: now,
      publications: () => 'publications + 1',
    })
    .whereInIds(ids)
    .execute();
}
