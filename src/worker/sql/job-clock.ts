import { setTimeout as pause } from 'node:timers/promises';
import type { RunLimits } from '../../sandbox/limits.js';
import type { RunOutcomeKind } from '../../sandbox/run-outcome.js';
import type { RunningProgram } from '../../sandbox/sandbox.js';
import { GradingFault } from '../grading-fault.js';

const LOOK_MS = 50;
/** A server that is gone shows in its connections a little before it is known to have ended. */
const END_SHOWS_MS = 1_000;

type TimeLimit = Extract<RunOutcomeKind, 'cpu_limit' | 'wall_limit'>;

/** Watches what a job uses of a server that serves others after it, from outside: a script can change its session's own limits. */
export class JobClock {
  private startedAt = 0;
  private stoppedAt: number | null = null;
  private cpuAtStartMs = 0;
  private cpuAtStopMs = 0;
  private timer: NodeJS.Timeout | undefined;
  private readonly onAbort = (): void => this.onEnd();
  /** Which limit it has met; null: none. */
  reason: TimeLimit | null = null;

  /** @param onEnd ends what the job waits for. */
  constructor(
    private readonly program: RunningProgram,
    private readonly limits: Pick<RunLimits, 'cpuTimeMs' | 'wallTimeMs'>,
    private readonly signal: AbortSignal,
    private readonly onEnd: () => void,
  ) {}

  start(): void {
    this.startedAt = performance.now();
    this.cpuAtStartMs = this.program.cpuTimeMs();
    this.signal.addEventListener('abort', this.onAbort, { once: true });
    this.look();
  }

  /** Harmless the second time. */
  stop(): void {
    clearTimeout(this.timer);
    this.signal.removeEventListener('abort', this.onAbort);
    if (this.stoppedAt !== null) return;
    this.stoppedAt = performance.now();
    this.cpuAtStopMs = this.program.cpuTimeMs();
  }

  get wallTimeMs(): number {
    return (this.stoppedAt ?? performance.now()) - this.startedAt;
  }

  get cpuTimeMs(): number {
    return (this.stoppedAt === null ? this.program.cpuTimeMs() : this.cpuAtStopMs) - this.cpuAtStartMs;
  }

  /** Whether the elapsed time is used up. */
  get isOver(): boolean {
    return this.wallTimeMs >= this.limits.wallTimeMs;
  }

  /**
   * What ended the server: a limit, or something else; null while it runs. Waits a moment for it.
   *
   * @throws GradingFault when that was the sandbox.
   */
  async endOfServer(): Promise<'cpu_limit' | 'wall_limit' | 'memory_limit' | 'other' | null> {
    const ended = await Promise.race([this.program.ended, pause(END_SHOWS_MS, null)]);
    if (ended === null) return null;
    if (ended.kind === 'sandbox_failure') {
      throw new GradingFault(`The sandbox failed in a database server: ${ended.reason ?? 'no reason'}`);
    }
    return ended.kind === 'memory_limit' || ended.kind === 'cpu_limit' || ended.kind === 'wall_limit'
      ? ended.kind
      : 'other';
  }

  private look(): void {
    const leftMs = this.limits.wallTimeMs - this.wallTimeMs;
    if (this.cpuTimeMs >= this.limits.cpuTimeMs) this.reason = 'cpu_limit';
    else if (leftMs <= 0) this.reason = 'wall_limit';
    else {
      this.timer = setTimeout(() => this.look(), Math.min(LOOK_MS, leftMs));
      return;
    }
    this.onEnd();
  }
}
