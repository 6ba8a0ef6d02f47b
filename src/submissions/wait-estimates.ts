import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { MoreThan, type Repository } from 'typeorm';
import { databaseNow } from '../database/database-clock.js';
import { QueuePositions } from '../queue/queue-positions.js';
import { GradingRun } from './grading-run.entity.js';

/** From so many runs, of the last so many milliseconds, the time of one is estimated; for so long that is believed. */
const SAMPLE = 50;
const RECENT_MS = 600_000;
const TRUSTED_MS = 5_000;

/** Where a submission stands that waits to be graded. */
export interface WaitEstimate {
  /** 1: next. */
  readonly position: number;
  /** Until its grading begins, in milliseconds; null while nothing is known of how fast others are graded. */
  readonly estimatedWaitMs: number | null;
}

/**
 * Tells those who wait how long it may take: as many workers as are busy now take what goes before it, each as long for one as
 * the last runs took on the average.
 */
@Injectable()
export class WaitEstimates {
  private runTimeMs: Promise<number | null> | undefined;
  private trustedUntil = 0;

  constructor(
    private readonly positions: QueuePositions,
    @InjectRepository(GradingRun) private readonly runs: Repository<GradingRun>,
  ) {}

  /** Null where the run does not wait. */
  async find(runId: string): Promise<WaitEstimate | null> {
    const found = await this.positions.find(runId);
    if (found === null) return null;
    const { position, running } = found;
    const runTimeMs = running === 0 ? null : await this.currentRunTime();
    return { position, estimatedWaitMs: runTimeMs === null ? null : Math.round((position * runTimeMs) / running) };
  }

  private currentRunTime(): Promise<number | null> {
    if (this.runTimeMs === undefined || performance.now() > this.trustedUntil) {
      this.trustedUntil = performance.now() + TRUSTED_MS;
      this.runTimeMs = this.measure();
      // Asked again by whoever comes next.
      this.runTimeMs.catch(() => (this.trustedUntil = 0));
    }
    return this.runTimeMs;
  }

  /** How long a run keeps a worker, in milliseconds; null where none was graded lately. */
  private async measure(): Promise<number | null> {
    const now = await databaseNow(this.runs.manager);
    const recent = await this.runs.find({
      select: { id: true, status: true, startedAt: true, finishedAt: true },
      where: { finishedAt: MoreThan(new Date(now.getTime() - RECENT_MS)) },
      order: { finishedAt: 'DESC' },
      take: SAMPLE,
    });
    const times = recent.flatMap(({ status, startedAt, finishedAt }) =>
      status === 'graded' && startedAt !== null && finishedAt !== null
        ? [finishedAt.getTime() - startedAt.getTime()]
        : [],
    );
    return times.length === 0 ? null : times.reduce((sum, time) => sum + time, 0) / times.length;
  }
}
