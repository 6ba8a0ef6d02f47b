import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager, In, LessThan, MoreThanOrEqual } from 'typeorm';
import { databaseNow } from '../database/database-clock.js';
import { insertRows, updateRows } from '../database/entity-rows.js';
import { Transactions } from '../database/transactions.js';
import { WorkerProcess } from './worker-process.entity.js';
import type { WorkerReport } from './worker-report.js';
import type { WorkerState, WorkerWish } from './worker-state.js';

/** A worker that was not heard of for so long is taken for dead. */
export const LOST_AFTER_MS = 30_000;
/** A dead worker is listed for so long, for whoever looks for it. */
const FORGOTTEN_AFTER_MS = 3_600_000;
/** A worker with a name of its own that was paused is waited for. */
const PAUSED_FORGOTTEN_AFTER_MS = 30 * 24 * FORGOTTEN_AFTER_MS;

/** What a worker tells when it begins. */
export interface NewWorker {
  readonly id: string;
  /** `WORKER_NAME`; null: it has none that outlives the process. */
  readonly givenName: string | null;
  readonly leaseOwner: string;
  readonly version: string;
  readonly concurrency: number;
}

/** What changes while it lives. */
export interface WorkerNews {
  readonly state: WorkerState;
  readonly reason: string | null;
  readonly report: WorkerReport | null;
}

/**
 * The rows through which workers and administrators know of each other: a worker tells what it does, an administrator what
 * is wanted of it. In SQL, so that no process and no Redis need to live for it, and any API may be asked.
 */
@Injectable()
export class WorkerRows {
  constructor(
    private readonly dataSource: DataSource,
    private readonly transactions: Transactions,
  ) {}

  /**
   * Makes the worker known, and returns what is wanted of it. One with a given name goes on as its predecessor of that name
   * was: paused stays paused; a drain ended with the process that was drained. Forgets workers that are long dead.
   */
  async register(worker: NewWorker, news: WorkerNews): Promise<WorkerWish> {
    return this.transactions.run(async (manager) => {
      const now = await databaseNow(manager);
      const { id, givenName, leaseOwner, version, concurrency } = worker;
      const before = givenName === null ? null : await predecessor(manager, givenName);
      const wish: WorkerWish = before?.wish === 'pause' ? 'pause' : 'run';
      await forgetDead(manager, givenName, now);
      await manager.delete(WorkerProcess, { id });
      await insertRows(manager, WorkerProcess, [
        {
          ...news,
          id,
          leaseOwner,
          version,
          concurrency,
          wish,
          name: givenName ?? leaseOwner,
          stateSince: now,
          startedAt: now,
          lastSeenAt: now,
        },
      ]);
      return wish;
    });
  }

  /** What is wanted of a worker; null: nobody knows it (any more). */
  async wishOf(id: string): Promise<WorkerWish | null> {
    const row = await this.dataSource.manager.findOne(WorkerProcess, {
      select: { id: true, wish: true },
      where: { id },
    });
    return row?.wish ?? null;
  }

  /** Says that the worker lives, and what it does. False: nobody knows it (any more), so it must be registered. */
  async report(id: string, news: WorkerNews, isNewState: boolean): Promise<boolean> {
    return this.transactions.run(async (manager) => {
      const now = await databaseNow(manager);
      const changes = { ...news, lastSeenAt: now, ...(isNewState ? { stateSince: now } : {}) };
      return (await updateRows(manager, WorkerProcess, { id }, changes)) === 1;
    });
  }

  /** The process ends: it is known no longer, unless its successor must find out that it was paused. */
  async leave(id: string, givenName: string | null): Promise<void> {
    await this.transactions.run(async (manager) => {
      const stateSince = await databaseNow(manager);
      const stays = givenName !== null && (await manager.existsBy(WorkerProcess, { id, wish: 'pause' }));
      if (stays) await updateRows(manager, WorkerProcess, { id }, { state: 'stopped', stateSince });
      else await manager.delete(WorkerProcess, { id });
    });
  }

  /**
   * What is wanted of a worker from now on. Null: nobody knows it. Harmless the second time.
   *
   * @param manager of a transaction
   */
  async want(manager: EntityManager, id: string, wish: WorkerWish): Promise<WorkerProcess | null> {
    await updateRows(manager, WorkerProcess, { id }, { wish });
    return manager.findOneBy(WorkerProcess, { id });
  }

  /** The reports of all that were heard of lately, of the one that started last first. */
  async reports(): Promise<readonly WorkerReport[]> {
    const now = await databaseNow(this.dataSource.manager);
    const rows = await this.dataSource.manager.find(WorkerProcess, {
      where: { lastSeenAt: MoreThanOrEqual(new Date(now.getTime() - LOST_AFTER_MS)) },
      order: { id: 'DESC' },
      take: 1_000,
    });
    return rows.flatMap(({ report }) => report ?? []);
  }
}

function predecessor(manager: EntityManager, name: string): Promise<WorkerProcess | null> {
  return manager.findOne(WorkerProcess, { where: { name }, order: { id: 'DESC' } });
}

async function forgetDead(manager: EntityManager, name: string | null, now: Date): Promise<void> {
  const before = (milliseconds: number) => LessThan(new Date(now.getTime() - milliseconds));
  await manager.delete(WorkerProcess, [
    { wish: In(['run', 'drain']), lastSeenAt: before(FORGOTTEN_AFTER_MS) },
    { lastSeenAt: before(PAUSED_FORGOTTEN_AFTER_MS) },
    // What they left is the successor's now.
    ...(name === null
      ? []
      : [
          { name, state: 'stopped' as const },
          { name, lastSeenAt: before(LOST_AFTER_MS) },
        ]),
  ]);
}
