import { type EntityManager, In, IsNull, LessThanOrEqual, MoreThan, Not } from 'typeorm';
import { clockOf, databaseNow, readClock } from '../database/database-clock.js';
import { distinctValues } from '../database/distinct-values.js';
import { columnsOf, readRow, updateRows } from '../database/entity-rows.js';
import { select } from '../database/portable-sql.js';
import { freeRowLock, freeRowLockClause, hasRowLocks } from '../database/row-lock.js';
import type { Transactions } from '../database/transactions.js';
import { type Choice, chooseFairly, type WaitingRun } from './choose-fairly.js';
import { CourseShares } from './course-shares.js';
import { OutboxMessage } from './outbox-message.entity.js';

/** When a run that was handed over and not claimed is handed over again. */
const RING_AGAIN_MS = 60_000;

/** Rows of one statement. */
const BATCH = 200;

/** How many of the first runs are looked at, of all flows and of each, and how many times more where most are not due. */
const FIRST_RUNS = 16;
const MORE = 8;

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
      const line = await look(manager, room);
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

  /**
   * Takes runs that were claimed, and whose leases are over: their workers died. They wait for nobody's turn.
   *
   * @param isBelieved asked once the database has answered: false where an ended lease does not tell that a worker died
   */
  takeUnfinished(isBelieved: () => boolean = () => true): Promise<readonly string[]> {
    return this.transactions.run(async (manager) => {
      const now = await databaseNow(manager);
      if (!isBelieved()) return [];
      // Without an order: the engine would walk through all that waits to have it. There are few, and the rest comes next time.
      const found = await manager.find(OutboxMessage, {
        where: { isWaiting: false, dueAt: LessThanOrEqual(now) },
        take: BATCH,
        // What another relay, or a worker, holds is looked after by it; and one that froze with its locks stops nobody here.
        ...freeRowLock(manager),
      });
      found.sort((one, other) => one.dueAt.getTime() - other.dueAt.getTime());
      for (const { id } of found) await markRow(manager, id, now);
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
   * Makes due at once what was handed to a queue that has forgotten it: one that died with its process, or was wiped. A run that
   * was claimed since is due at the end of its lease, one that backs off at another time: both are left alone.
   *
   * @param leastAgeMs how long ago it was handed over, at least
   */
  async takeUp(leastAgeMs = 0): Promise<void> {
    await this.transactions.run(async (manager) => {
      const now = await databaseNow(manager);
      const later = await manager.findBy(OutboxMessage, { dueAt: MoreThan(now), publishedAt: Not(IsNull()) });
      const handedOver = later
        .filter(({ dueAt, publishedAt }) => dueAt.getTime() - (publishedAt?.getTime() ?? 0) === RING_AGAIN_MS)
        .filter(({ publishedAt }) => (publishedAt?.getTime() ?? 0) <= now.getTime() - leastAgeMs)
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

type Line = Pick<Choice, 'flows' | 'runsOf'> & { readonly now: Date };

/** The line as it is now; null where nobody waits. Nothing is locked. */
async function look(manager: EntityManager, room: number): Promise<Line | null> {
  const wanted = FIRST_RUNS * Math.ceil(room / FIRST_RUNS);
  const { now, runs } = await firstRuns(manager, wanted);
  const [first] = runs;
  if (now === null || first === undefined) return null;
  const isAll = runs.length < wanted;
  const flows = isAll
    ? [...new Set(runs.map(({ flow }) => flow))]
    : await distinctValues(manager, { table: 'outbox_messages', column: 'flow', where: '"isWaiting" = TRUE' });
  return {
    now,
    flows,
    runsOf: async (flow) => {
      const known = runs.filter((run) => run.flow === flow);
      // Of the first flow these are the first in any case.
      const isEnough = isAll || (flow === first.flow && dueOf(known) >= room);
      return isEnough ? known : firstRunsOf(manager, flow, wanted, room);
    },
  };
}

/** The first runs of a flow: so many that `room` of them are due, or all. */
async function firstRunsOf(
  manager: EntityManager,
  flow: string,
  wanted: number,
  room: number,
): Promise<readonly WaitingRun[]> {
  for (let most = wanted; ; most *= MORE) {
    const { runs } = await firstRuns(manager, most, flow);
    if (runs.length < most || dueOf(runs) >= room) return runs;
  }
}

function dueOf(runs: readonly WaitingRun[]): number {
  return runs.filter(({ isDue }) => isDue).length;
}

/** The first runs that wait, in all flows or in one, with the database's time, which is null where there are none. */
async function firstRuns(
  manager: EntityManager,
  most: number,
  flow?: string,
): Promise<{ readonly now: Date | null; readonly runs: readonly WaitingRun[] }> {
  const rows = await select(
    manager,
    `SELECT ${clockOf(manager)} AS "now", ${columnsOf(manager, OutboxMessage, 'message')}
      FROM "outbox_messages" "message"
      WHERE "message"."isWaiting" = TRUE${flow === undefined ? '' : ' AND "message"."flow" = ?'}
      ORDER BY "message"."flow", "message"."turn", "message"."id" LIMIT ${most}`,
    flow === undefined ? [] : [flow],
  );
  const [first] = rows;
  if (first === undefined) return { now: null, runs: [] };
  const now = readClock(first['now']);
  const runs = rows.flatMap((row) => {
    const message = readRow(manager, OutboxMessage, 'message', row);
    return message === null ? [] : [waitingRun(message, now)];
  });
  return { now, runs };
}

function waitingRun({ id, runId, flow, studentId, weight, dueAt }: OutboxMessage, now: Date): WaitingRun {
  return { id, runId, flow, studentId, weight, isDue: dueAt <= now };
}

async function oldestRun(manager: EntityManager, now: Date): Promise<WaitingRun | null> {
  // Whether it waits is no condition of the query: the engine would then sort all that waits. What does not is swept up soon.
  const oldest = await manager.findOne(OutboxMessage, {
    where: { dueAt: LessThanOrEqual(new Date(now.getTime() - OLD_MS)) },
    order: { dueAt: 'ASC', id: 'ASC' },
  });
  return oldest?.isWaiting === true ? waitingRun(oldest, now) : null;
}

/** Marks those that are still free, and returns their ids in the order in which they were chosen. */
async function mark(manager: EntityManager, chosen: readonly WaitingRun[], now: Date): Promise<readonly string[]> {
  const free = await stillFree(manager, chosen, now);
  for (const { id } of free) await markRow(manager, id, now);
  return free.map(({ runId }) => runId);
}

async function stillFree(
  manager: EntityManager,
  chosen: readonly WaitingRun[],
  now: Date,
): Promise<readonly WaitingRun[]> {
  // On SQLite nothing has changed since they were read: transactions take turns.
  if (chosen.length === 0 || !hasRowLocks(manager)) return chosen;
  const rows = await select(
    manager,
    `SELECT ${columnsOf(manager, OutboxMessage, 'message')} FROM "outbox_messages" "message"
      WHERE "message"."id" IN (${chosen.map(() => '?').join(', ')})${freeRowLockClause(manager)}`,
    chosen.map(({ id }) => id),
  );
  const free = new Set<string>();
  for (const row of rows) {
    const message = readRow(manager, OutboxMessage, 'message', row);
    // Meanwhile another process may have handed it over, or a worker have claimed it.
    if (message !== null && message.isWaiting && message.dueAt <= now) free.add(message.id);
  }
  return chosen.filter(({ id }) => free.has(id));
}

async function markRow(manager: EntityManager, id: string, now: Date): Promise<void> {
  const dueAt = new Date(now.getTime() + RING_AGAIN_MS);
  await updateRows(manager, OutboxMessage, { id }, { dueAt, publishedAt: now }, ['publications']);
}
