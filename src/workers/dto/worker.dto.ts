import { ApiProperty } from '@nestjs/swagger';
import type { GradingRun } from '../../submissions/grading-run.entity.js';
import type { WorkerProcess } from '../worker-process.entity.js';
import { LOST_AFTER_MS } from '../worker-rows.js';
import { WORKER_STATES, WORKER_WISHES, type WorkerState, type WorkerWish } from '../worker-state.js';
import { RuntimeDto } from './runtime.dto.js';
import { SandboxDto } from './sandbox.dto.js';

/** A grading run that a worker has at this moment. */
export class GradedNowDto {
  /**
   * Id of the grading run (UUIDv7).
   * @example "01a1f93b-a283-7197-87f1-4221b13d5ab3"
   */
  runId: string;

  /**
   * Id of the submission.
   * @example "01a1f93b-a283-7197-87f1-4221b13d5ab4"
   */
  submissionId: string;

  /** Since when. */
  since: Date | null;
}

/** A process that grades. */
export class WorkerDto {
  /**
   * Id of the process (UUIDv7): another one after a restart.
   * @example "01a1f93b-a283-7197-87f1-4221b13d5ab5"
   */
  id: string;

  /**
   * `WORKER_NAME` where it is set, else host, process number and a random part.
   * @example "grader-1"
   */
  name: string;

  /**
   * Of the program.
   * @example "0.1.0"
   */
  version: string;

  /**
   * What it does. `paused`: takes nothing new until `resume`. `draining` and then `drained`: takes nothing new, is not ready
   * any more, and, once `drained`, may be stopped without anything being cut short. `lost`: not heard of for 30 seconds.
   * @example "idle"
   */
  @ApiProperty({ enum: WORKER_STATES })
  state: WorkerState;

  /** Since when it does that. */
  since: Date;

  /**
   * What administrators want of it; it follows within two seconds.
   * @example "run"
   */
  @ApiProperty({ enum: WORKER_WISHES })
  wish: WorkerWish;

  /**
   * Why it is `unready`, and what to do; null when it is not.
   * @example null
   */
  reason: string | null;

  /**
   * How many submissions it grades at a time, at most.
   * @example 3
   */
  concurrency: number;

  /** What it grades now, the longest first. */
  grading: GradedNowDto[];

  /** The languages that it can run; none until it has looked. */
  runtimes: RuntimeDto[];

  /** Its sandbox; null until it has looked. */
  @ApiProperty({ type: () => SandboxDto, nullable: true })
  sandbox: SandboxDto | null;

  startedAt: Date;

  /** When it last told of itself, by the database's clock. It does so every 10 seconds at least. */
  lastSeenAt: Date;

  /** @param runs what it holds, the longest first */
  static from(worker: WorkerProcess, runs: readonly GradingRun[], now: Date): WorkerDto {
    const { id, name, version, wish, reason, concurrency, report, startedAt, lastSeenAt } = worker;
    return Object.assign(new WorkerDto(), {
      id,
      name,
      version,
      wish,
      reason,
      concurrency,
      startedAt,
      lastSeenAt,
      ...stateOf(worker, runs, now),
      grading: runs.map((run) =>
        Object.assign(new GradedNowDto(), { runId: run.id, submissionId: run.submissionId, since: run.startedAt }),
      ),
      runtimes: report === null ? [] : report.runtimes.map((runtime) => RuntimeDto.from(runtime)),
      sandbox: report === null ? null : SandboxDto.from(report.sandbox),
    });
  }
}

/** What a worker tells is up to ten seconds old; what it holds is known exactly. */
function stateOf(
  { state, stateSince, lastSeenAt }: WorkerProcess,
  runs: readonly GradingRun[],
  now: Date,
): Pick<WorkerDto, 'state' | 'since'> {
  if (state === 'stopped') return { state, since: stateSince };
  if (now.getTime() - lastSeenAt.getTime() > LOST_AFTER_MS) return { state: 'lost', since: lastSeenAt };
  const isAtWork = state === 'idle' || state === 'running';
  if (!isAtWork || (state === 'idle') === (runs.length === 0)) return { state, since: stateSince };
  return runs.length > 0
    ? { state: 'running', since: runs[0]?.startedAt ?? lastSeenAt }
    : { state: 'idle', since: lastSeenAt };
}
