import { Injectable, Logger, type OnApplicationShutdown } from '@nestjs/common';
import { In, IsNull, LessThanOrEqual, MoreThan, Not } from 'typeorm';
import { Environment } from '../config/env.js';
import { databaseNow } from '../database/database-clock.js';
import { freeRowLock } from '../database/row-lock.js';
import { Transactions } from '../database/transactions.js';
import { GradingQueue } from './grading-queue.js';
import { OutboxMessage } from './outbox-message.entity.js';

/** Most runs that one sweep hands over. */
const BATCH = 200;

/** When a run that was handed over and not claimed is handed over again. */
const RING_AGAIN_MS = 60_000;

/** Hand-overs under way at a time after commits; beyond, the sweep does it. Bounds what a Redis that hangs can pile up. */
const MOST_RINGS = 256;

/**
 * Hands grading runs to the queue: at once after the commit that makes them (`ring`), and, for those that this did not
 * reach or that nobody took, from the outbox (`startSweeping`, in processes that grade).
 */
@Injectable()
export class OutboxRelay implements OnApplicationShutdown {
  private readonly logger = new Logger(OutboxRelay.name);
  private timer: NodeJS.Timeout | undefined;
  private sweepUnderWay: Promise<void> = Promise.resolve();
  private isStopped = false;
  private rings = 0;
  private isQueueAway = false;
  private hasTakenUp = false;

  constructor(
    private readonly environment: Environment,
    private readonly transactions: Transactions,
    private readonly queue: GradingQueue,
  ) {}

  /**
   * Best effort: hands a run over right after its commit. Never throws and never makes the caller wait; what fails is left to
   * the sweep. Writes nothing: a run that is claimed within the sweep's pause costs no further statement.
   */
  ring(runId: string): void {
    if (this.isStopped || this.rings >= MOST_RINGS) return;
    this.rings += 1;
    this.publish(runId)
      .catch((error: unknown) => this.complain(error))
      .finally(() => {
        this.rings -= 1;
      });
  }

  /** Sweeps now and then every `outboxSweepMs`, until the process stops or `stop` is called. */
  startSweeping(): void {
    if (this.timer !== undefined || this.isStopped) return;
    const tick = (): void => {
      this.sweepUnderWay = this.sweepAndSayWhenNext().then((pauseMs) => {
        if (!this.isStopped) this.timer = setTimeout(tick, pauseMs);
        return undefined;
      });
    };
    tick();
  }

  /** Ends the sweeps; resolves when the last one is over. Harmless the second time. */
  async stop(): Promise<void> {
    this.isStopped = true;
    clearTimeout(this.timer);
    await this.sweepUnderWay;
  }

  async onApplicationShutdown(): Promise<void> {
    await this.stop();
  }

  /**
   * Hands over the runs that are due, oldest first, and returns how many. Each is marked before it is handed over: should
   * the process die in between, the run is due again a minute later, and no two relays hand over the same one at once.
   * Where the queue refuses, the mark is taken back, so that the run is due again at once.
   */
  async sweep(): Promise<number> {
    const due = await this.takeDue();
    const refused: string[] = [];
    let failure: unknown;
    for (const { runId } of due) {
      // After the first refusal the others would each wait for their time-out as well.
      if (refused.length > 0) {
        refused.push(runId);
        continue;
      }
      try {
        await this.publish(runId);
      } catch (error) {
        failure = error;
        refused.push(runId);
      }
    }
    if (refused.length > 0) {
      await this.giveBack(refused);
      throw failure;
    }
    return due.length;
  }

  /** Sweeps once and returns how long to wait; never rejects. */
  private async sweepAndSayWhenNext(): Promise<number> {
    try {
      if (!this.hasTakenUp) await this.takeUp();
      this.hasTakenUp = true;
      // Where more is due: a deep queue must not make the runs wait here whose workers died.
      if ((await this.sweep()) === BATCH) return 0;
    } catch (error) {
      this.complain(error);
    }
    return this.environment.outboxSweepMs;
  }

  /**
   * Makes due at once what a former process had handed to a queue that died with it. A run that was claimed since is due at
   * the end of its lease, one that backs off at another time: both are left alone.
   */
  private async takeUp(): Promise<void> {
    if (this.queue.outlivesProcess) return;
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

  private async publish(runId: string): Promise<void> {
    await this.queue.publish(runId);
    if (this.isQueueAway) {
      this.isQueueAway = false;
      this.logger.log('Grading runs are handed over again');
    }
  }

  private takeDue(): Promise<readonly OutboxMessage[]> {
    return this.transactions.run(async (manager) => {
      const now = await databaseNow(manager);
      const due = await manager.find(OutboxMessage, {
        where: { dueAt: LessThanOrEqual(now) },
        order: { dueAt: 'ASC', id: 'ASC' },
        take: BATCH,
        // What another relay, or a worker, holds is looked after by it; and one that froze with its locks stops nobody here.
        ...freeRowLock(manager),
      });
      if (due.length === 0) return due;
      await manager
        .createQueryBuilder()
        .update(OutboxMessage)
        .set({
          dueAt: new Date(now.getTime() + RING_AGAIN_MS),
          publishedAt: now,
          publications: () => 'publications + 1',
        })
        .whereInIds(due.map((message) => message.id))
        .execute();
      return due;
    });
  }

  private async giveBack(runIds: readonly string[]): Promise<void> {
    await this.transactions.run(async (manager) => {
      const now = await databaseNow(manager);
      await manager.update(OutboxMessage, { runId: In([...runIds]) }, { dueAt: now });
    });
  }

  /** Once for an outage, not once for each try. */
  private complain(error: unknown): void {
    if (this.isQueueAway || this.isStopped) return;
    this.isQueueAway = true;
    this.logger.warn({ err: error }, 'Grading runs cannot be handed over now; they stay in the outbox');
  }
}
