import { Injectable, Logger, type OnApplicationShutdown } from '@nestjs/common';
import { Environment } from '../config/env.js';
import { Transactions } from '../database/transactions.js';
import { GradingQueue } from './grading-queue.js';
import { OutboxHandover } from './outbox-handover.js';
import { OwnSight } from './own-sight.js';

/** Hand-overs that wait their turn after commits; beyond, the outbox keeps them. Bounds what a Redis that hangs can pile up. */
const MOST_RINGS = 256;

/** While fewer wait in the queue, a new run is handed over right after its commit: nobody is there whom it could overtake. */
const ROOM_FOR_RINGS = 2;

/**
 * Where nothing waits in the queue and a run that it was given so long ago is not claimed either, the queue has forgotten it:
 * no worker takes so long from the one to the other.
 */
const FORGOTTEN_AFTER_MS = 5_000;

/** Fewest runs that the window has room for. */
const LEAST_WINDOW = 2;

/**
 * Hands grading runs to the queue, a few at a time, so that their order is decided in the database as late as can be: right
 * after the commit that makes them while the queue is as good as empty (`ring`); otherwise in fair order, as soon as workers
 * have made room (`refill`); and every now and then, in processes that grade, for whatever these two missed (`startSweeping`).
 */
@Injectable()
export class OutboxRelay implements OnApplicationShutdown {
  private readonly logger = new Logger(OutboxRelay.name);
  private readonly handover: OutboxHandover;
  private readonly window: number;
  private readonly sight: OwnSight;
  private timer: NodeJS.Timeout | undefined;
  private sweepUnderWay: Promise<void> = Promise.resolve();
  private isStopped = false;
  private isQueueAway = false;
  private hasTakenUp = false;
  /** Runs to be rung for, oldest first, and whether somebody is at it. */
  private readonly rings: string[] = [];
  private isRinging = false;
  /** A run was left to the outbox, and no choice has left room since: whoever came now might overtake it. */
  private isBehind = false;
  private refillUnderWay: Promise<void> | undefined;
  private mustRefillAgain = false;
  private lastFill: Promise<unknown> = Promise.resolve();
  /** How many waited in the queue after the last choice, at most the window. */
  private lastFilled: number;

  constructor(
    private readonly environment: Environment,
    transactions: Transactions,
    private readonly queue: GradingQueue,
  ) {
    this.handover = new OutboxHandover(transactions);
    this.sight = new OwnSight(environment.gradingLeaseMs, environment.outboxSweepMs);
    // Enough for the workers until the next choice, and no more: whatever waits there goes before whoever comes now.
    this.window = Math.max(LEAST_WINDOW, Math.ceil(environment.workerConcurrency / 2));
    this.lastFilled = this.window;
  }

  /**
   * Best effort: hands a run over right after its commit, while the queue has room. Never throws and never makes the caller
   * wait; what fails, or finds no room, stays in the outbox. Sends no statement.
   */
  ring(runId: string): void {
    if (this.isStopped || this.rings.length >= MOST_RINGS) return;
    this.rings.push(runId);
    if (this.isRinging) return;
    this.isRinging = true;
    this.ringForAll().catch((error: unknown) => this.complain(error));
  }

  /**
   * A worker has claimed a run and others wait: fills the queue up, once it is half empty, with those that are next. Returns
   * at once and never throws. Calls that come meanwhile are answered together, by one more look.
   */
  refill(): void {
    if (this.isStopped) return;
    if (this.refillUnderWay !== undefined) {
      this.mustRefillAgain = true;
      return;
    }
    this.refillUnderWay = this.refillUntilNobodyAsks();
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

  /** Ends the sweeps; resolves when all that is under way is over. Harmless the second time. */
  async stop(): Promise<void> {
    this.isStopped = true;
    clearTimeout(this.timer);
    await Promise.all([this.sweepUnderWay, this.refillUnderWay]);
  }

  async onApplicationShutdown(): Promise<void> {
    await this.stop();
  }

  /**
   * Hands over what died with its worker, and as many of those that wait as the queue has room for; returns how many. Where
   * the queue refuses, the runs are due again at once.
   */
  async sweep(): Promise<number> {
    return (await this.sweepOnce()).count;
  }

  private async sweepOnce(
    isBelieved?: () => boolean,
  ): Promise<{ readonly count: number; readonly isMoreDue: boolean }> {
    const unfinished = await this.handover.takeUnfinished(isBelieved);
    await this.publishAll(unfinished);
    const { room, taken } = await this.fill(this.window);
    // Handed over again by the next sweep; should a slow worker have one of them after all, one of the two claims it.
    if (room === this.window && taken === 0) await this.handover.takeUp(FORGOTTEN_AFTER_MS);
    return { count: unfinished.length + taken, isMoreDue: room > 0 && taken === room };
  }

  /** Sweeps once and returns how long to wait; never rejects. */
  private async sweepAndSayWhenNext(): Promise<number> {
    try {
      if (!this.hasTakenUp && !this.queue.outlivesProcess) await this.handover.takeUp();
      this.hasTakenUp = true;
      // Where the queue takes more at once: idle workers must not wait for the next sweep.
      if ((await this.sweepOnce(() => this.sight.look(performance.now()))).isMoreDue) return 0;
    } catch (error) {
      this.complain(error);
    }
    return this.environment.outboxSweepMs;
  }

  /** Never rejects. */
  private async refillUntilNobodyAsks(): Promise<void> {
    try {
      do {
        this.mustRefillAgain = false;
        // Not as soon as one is missing: a choice costs the same for one as for many.
        await this.fill(Math.floor((this.lastFilled - 1) / 2));
      } while (this.mustRefillAgain && !this.isStopped);
    } catch (error) {
      this.complain(error);
    } finally {
      this.refillUnderWay = undefined;
    }
  }

  /**
   * Fills the queue up to the window, in fair order, where no more than `mostWaiting` wait in it. One after the other: two
   * that saw the same room would fill it twice.
   */
  private fill(mostWaiting: number): Promise<{ readonly room: number; readonly taken: number }> {
    const filled = this.lastFill.then(async () => {
      const waiting = await this.queue.waiting();
      const room = this.window - waiting;
      if (room <= 0 || waiting > mostWaiting) return { room: 0, taken: 0 };
      const runIds = await this.handover.take(room);
      await this.publishAll(runIds);
      if (runIds.length < room) this.isBehind = false;
      this.lastFilled = Math.max(1, waiting + runIds.length);
      return { room, taken: runIds.length };
    });
    this.lastFill = filled.catch(() => undefined);
    return filled;
  }

  private async ringForAll(): Promise<void> {
    try {
      for (let runId = this.rings.shift(); runId !== undefined; runId = this.rings.shift()) {
        const waiting = this.isStopped ? ROOM_FOR_RINGS : await this.queue.waiting();
        if (waiting >= ROOM_FOR_RINGS) this.isBehind = true;
        else if (!this.isBehind) await this.publish(runId);
        // Others may have been in the line before: it is for the choice to say who goes first.
        else if (waiting === 0) this.refill();
      }
    } finally {
      // After a refusal each of the others would wait for its time-out as well.
      this.rings.length = 0;
      this.isRinging = false;
    }
  }

  /** @throws Error when the queue refuses, with those given back that it did not take. */
  private async publishAll(runIds: readonly string[]): Promise<void> {
    for (const [index, runId] of runIds.entries()) {
      try {
        await this.publish(runId);
      } catch (error) {
        // After the first refusal the others would each wait for their time-out as well.
        await this.handover.giveBack(runIds.slice(index));
        throw error;
      }
    }
  }

  private async publish(runId: string): Promise<void> {
    await this.queue.publish(runId);
    if (this.isQueueAway) {
      this.isQueueAway = false;
      this.logger.log('Grading runs are handed over again');
    }
  }

  /** Once for an outage, not once for each try. */
  private complain(error: unknown): void {
    if (this.isQueueAway || this.isStopped) return;
    this.isQueueAway = true;
    this.logger.warn({ err: error }, 'Grading runs cannot be handed over now; they stay in the outbox');
  }
}
