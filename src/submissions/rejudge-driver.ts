import { type BeforeApplicationShutdown, Injectable, Logger, type OnApplicationBootstrap } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { In, LessThan, type Repository } from 'typeorm';
import { databaseNow } from '../database/database-clock.js';
import { OutboxRelay } from '../queue/outbox-relay.js';
import { Rejudge } from './rejudge.entity.js';
import { UNSETTLED_STAGES } from './rejudge-stage.js';
import { type Step, RejudgeSteps } from './rejudge-steps.js';

const SWEEP_MS = 5_000;
/** A batch that nobody has moved on for so long was left by a process that died. */
const LEFT_BEHIND_MS = 10_000;
/** Batches that are taken up in one sweep. */
const MOST_TAKEN_UP = 20;
/** Runs of one step that are handed to the queue at once; the relay's sweep takes the others in turn. */
const MOST_RINGS = 50;

/**
 * Has batches moved on that take more than one transaction: at once and in the background, and, where a process died over one,
 * by a sweep of any that lives.
 */
@Injectable()
export class RejudgeDriver implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger(RejudgeDriver.name);
  private readonly underWay = new Set<Promise<void>>();
  private timer: NodeJS.Timeout | undefined;
  private isStopping = false;

  constructor(
    @InjectRepository(Rejudge) private readonly rejudges: Repository<Rejudge>,
    private readonly steps: RejudgeSteps,
    private readonly relay: OutboxRelay,
  ) {}

  onApplicationBootstrap(): void {
    this.timer = setInterval(() => this.follow(this.sweep()), SWEEP_MS);
    this.timer.unref();
  }

  /** What is under way ends with its present step; another process, or the next one here, goes on with it. */
  async beforeApplicationShutdown(): Promise<void> {
    this.isStopping = true;
    clearInterval(this.timer);
    await Promise.all(this.underWay);
  }

  /** Moves a batch on to its end, or for about so long; says whether it came to its end. */
  async drive(rejudgeId: string, forMs: number): Promise<boolean> {
    const until = performance.now() + forMs;
    while (!this.isStopping && performance.now() < until) {
      const step = await this.steps.step(rejudgeId);
      this.ring(step);
      if (!step.hasMore) return true;
    }
    return false;
  }

  /** Moves a batch on to its end without making the caller wait. */
  driveInBackground(rejudgeId: string): void {
    this.follow(this.drive(rejudgeId, Infinity));
  }

  /** Hands the runs of a step to the queue, after its commit. */
  ring({ runIds }: Step): void {
    for (const runId of runIds.slice(0, MOST_RINGS)) this.relay.ring(runId);
  }

  /** Takes up what was left behind; returns how many batches that were. */
  async sweep(): Promise<number> {
    const now = await databaseNow(this.rejudges.manager);
    const left = await this.rejudges.find({
      select: { id: true },
      where: { stage: In([...UNSETTLED_STAGES]), movedAt: LessThan(new Date(now.getTime() - LEFT_BEHIND_MS)) },
      order: { id: 'ASC' },
      take: MOST_TAKEN_UP,
    });
    for (const { id } of left) {
      this.logger.warn({ rejudgeId: id }, 'A rejudge was left behind in the middle; it is taken up here');
      await this.drive(id, Infinity).catch((error: unknown) => this.complain(error));
    }
    return left.length;
  }

  private follow(work: Promise<unknown>): void {
    const followed = work
      .then(() => undefined)
      .catch((error: unknown) => this.complain(error))
      .finally(() => this.underWay.delete(followed));
    this.underWay.add(followed);
  }

  private complain(error: unknown): void {
    this.logger.warn({ err: error }, 'A rejudge could not be moved on now; it is taken up again in some seconds');
  }
}
