import { Logger } from '@nestjs/common';
import type { ClaimedRun } from '../submissions/claimed-run.js';
import type { GradingRuns } from '../submissions/grading-runs.js';

/**
 * `lost`: another worker may have the run, or it was cancelled; what comes of it counts no more. `stopping`: this process
 * ends and cannot wait any longer.
 */
export type LeaseEnd = 'lost' | 'stopping';

/** How soon a cancelled run is noticed, at most. */
const LOOK_EVERY_MS = 1_000;

/** Within one lease: three may be late, or lost, before somebody else takes the run. */
const HEARTBEATS = 4;

type Runs = Pick<GradingRuns, 'heartbeat' | 'isHeld'>;

/**
 * Keeps the lease of one run while it is graded: prolongs it four times within its length, and looks once a second whether
 * it still holds. When it does not, `signal` aborts. A database that cannot be asked says nothing: the work goes on, and
 * whether it counts is decided when it is recorded.
 */
export class LeaseKeeper {
  private readonly logger = new Logger(LeaseKeeper.name);
  private readonly controller = new AbortController();
  private readonly heartbeatEveryMs: number;
  private readonly lookEveryMs: number;
  private timer: NodeJS.Timeout | undefined;
  private lastHeartbeat = performance.now();
  private isStopped = false;
  private end: LeaseEnd | null = null;

  constructor(
    private readonly runs: Runs,
    readonly run: ClaimedRun,
    leaseMs: number,
  ) {
    this.heartbeatEveryMs = leaseMs / HEARTBEATS;
    this.lookEveryMs = Math.min(this.heartbeatEveryMs, LOOK_EVERY_MS);
    this.schedule();
  }

  /** Aborts when the work on the run makes no sense any longer. */
  get signal(): AbortSignal {
    return this.controller.signal;
  }

  /** Why `signal` aborted; null: it has not. */
  get ended(): LeaseEnd | null {
    return this.end;
  }

  /** Ends the work on the run. The first reason stays. */
  abort(reason: LeaseEnd): void {
    this.end ??= reason;
    this.controller.abort();
  }

  /** No further heartbeat. Harmless the second time. */
  stop(): void {
    this.isStopped = true;
    clearTimeout(this.timer);
  }

  private schedule(): void {
    if (this.isStopped || this.end === 'lost') return;
    this.timer = setTimeout(() => {
      this.look()
        .catch((error: unknown) =>
          this.logger.debug({ err: error, runId: this.run.id }, 'The lease could not be looked at'),
        )
        .finally(() => this.schedule());
    }, this.lookEveryMs);
  }

  private async look(): Promise<void> {
    const startedAt = performance.now();
    // Due also when the next look would come too late: timers round, and drift.
    const isDue = startedAt - this.lastHeartbeat + this.lookEveryMs / 2 >= this.heartbeatEveryMs;
    const isHeld = await (isDue ? this.runs.heartbeat(this.run) : this.runs.isHeld(this.run));
    if (isDue) this.lastHeartbeat = startedAt;
    // The run may have been recorded by ourselves while we asked.
    if (!isHeld && !this.isStopped) this.abort('lost');
  }
}
