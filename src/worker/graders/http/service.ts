import { setTimeout as pause } from 'node:timers/promises';
import type { Duplex } from 'node:stream';
import { isAnswer } from '../../../grading/http/http-report.js';
import type { HttpReadiness } from '../../../grading/http/http-test.js';
import { isExpectedStatus, shownStatus } from '../../../grading/http/judge-answer.js';
import type { RunLimits } from '../../../sandbox/limits.js';
import type { RunOutcome } from '../../../sandbox/run-outcome.js';
import type { RunningProgram, SandboxProgram, SandboxSession } from '../../../sandbox/sandbox.js';
import { GradingFault } from '../../grading-fault.js';
import { exchange } from './exchange.js';

const FIRST_PAUSE_MS = 20;
const LONGEST_PAUSE_MS = 200;
/** For one question whether it is ready; most that are not yet refuse at once. */
const ASK_MS = 2_000;
/** A service that is gone shows in its connections a little before it is known to have ended. */
const END_SHOWS_MS = 1_000;
/** The test's own clock ends it first; the sandbox's is for a worker that hangs. */
const SPARE_MS = 5_000;

/** What a service is started with. */
export interface ServicePlan extends Pick<SandboxProgram, 'files' | 'keepFiles' | 'signal'> {
  readonly start: string;
  readonly port: number;
  readonly environment: Readonly<Record<string, string>>;
  /** Of all of its starts together, where they add up. */
  readonly limits: RunLimits;
}

/** A service in its sandbox, from its first start to its last end. */
export class Service {
  private program: RunningProgram | null = null;
  private endedBySelf: RunOutcome | null = null;
  private readonly outcomes: RunOutcome[] = [];
  private readonly deadline: number;

  constructor(
    private readonly session: SandboxSession,
    private readonly plan: ServicePlan,
  ) {
    this.deadline = performance.now() + plan.limits.wallTimeMs;
  }

  get port(): number {
    return this.plan.port;
  }

  /** What is left of the time for all of it, in milliseconds. */
  get remainingMs(): number {
    return Math.max(0, this.deadline - performance.now());
  }

  /** @throws GradingFault when the sandbox failed. */
  async start(): Promise<void> {
    const { start, port, environment, limits, files, keepFiles, signal } = this.plan;
    const spentMs = this.outcomes.reduce((sum, { cpuTimeMs }) => sum + (cpuTimeMs ?? 0), 0);
    let program: RunningProgram;
    try {
      program = await this.session.start({
        argv: ['/bin/sh', '-c', start],
        // What a service prints should be there when it is stopped.
        environment: { PYTHONUNBUFFERED: '1', ...environment, HOST: '127.0.0.1', PORT: String(port) },
        limits: {
          ...limits,
          cpuTimeMs: Math.max(1, Math.round(limits.cpuTimeMs - spentMs)),
          wallTimeMs: Math.round(this.remainingMs) + SPARE_MS,
        },
        ...(files === undefined ? {} : { files }),
        ...(keepFiles === undefined ? {} : { keepFiles }),
        ...(signal === undefined ? {} : { signal }),
      });
    } catch (error) {
      throw new GradingFault(`The sandbox failed to start a service: ${String(error)}`, { cause: error });
    }
    this.program = program;
    program.ended
      .then((outcome) => {
        this.endedBySelf = this.program === program ? outcome : this.endedBySelf;
        return outcome;
      })
      // It never rejects.
      .catch(() => undefined);
  }

  /** Null when it is ready, else why it is not, as the end of a sentence about it. */
  async whenReady(ready: HttpReadiness): Promise<string | null> {
    const until = performance.now() + Math.min(ready.timeMs, this.remainingMs);
    let last = `accepts no connection on port ${this.port}`;
    for (let waitMs = FIRST_PAUSE_MS; ; waitMs = Math.min(2 * waitMs, LONGEST_PAUSE_MS)) {
      if (this.endedBySelf !== null) return 'ended';
      const state = await this.ask(ready, Math.max(1, until - performance.now()));
      if (state === null) return null;
      last = state;
      if (performance.now() + waitMs >= until) break;
      await pause(waitMs);
    }
    return `was not ready within ${ready.timeMs} ms: it ${last}`;
  }

  private async ask({ path, status }: HttpReadiness, leftMs: number): Promise<string | null> {
    const timeMs = Math.min(ASK_MS, Math.round(leftMs) + 1);
    if (path === null) {
      const nothing = new Promise<null>((resolve) => {
        setTimeout(() => resolve(null), timeMs).unref();
      });
      const socket = await Promise.race([this.connect().catch(connectionRefused), nothing]);
      socket?.destroy();
      return socket === null ? `accepts no connection on port ${this.port}` : null;
    }
    const answer = await exchange(
      { method: 'GET', target: path, headers: [], body: null },
      { connect: () => this.connect(), port: this.port, cookie: null, timeMs },
    );
    if (!isAnswer(answer)) return `${answer.why} when asked for ${path}`;
    if (status === null || isExpectedStatus(status, answer.status)) return null;
    return `answers ${path} with ${answer.status} instead of ${shownStatus(status)}`;
  }

  connect(): Promise<Duplex> {
    return this.session.connect(this.port);
  }

  /**
   * How it ended, when nobody stopped it; null while it runs.
   *
   * @param hasFailed true where something just went wrong with it: then it may be ending now.
   * @throws GradingFault when that was the sandbox.
   */
  async end(hasFailed = false): Promise<RunOutcome | null> {
    if (hasFailed && this.program !== null) await Promise.race([this.program.ended, pause(END_SHOWS_MS)]);
    return checked(this.endedBySelf);
  }

  /**
   * Stops it, waits until nothing of it is left, and tells how it ended.
   *
   * @throws GradingFault when the sandbox failed.
   */
  async stop(): Promise<RunOutcome | null> {
    const { program } = this;
    if (program === null) return null;
    const bySelf = this.endedBySelf;
    this.program = null;
    const outcome = await program.stop();
    this.outcomes.push(outcome);
    this.endedBySelf = bySelf;
    return checked(outcome);
  }

  /** What all of its starts used and wrote together. */
  get total(): Pick<RunOutcome, 'cpuTimeMs' | 'wallTimeMs' | 'peakMemoryKiB' | 'stdout' | 'stderr'> {
    const sum = (name: 'cpuTimeMs' | 'wallTimeMs'): number | null => {
      const known = this.outcomes.flatMap((outcome) => outcome[name] ?? []);
      return known.length === 0 ? null : known.reduce((total, one) => total + one, 0);
    };
    const peaks = this.outcomes.flatMap(({ peakMemoryKiB }) => peakMemoryKiB ?? []);
    return {
      cpuTimeMs: sum('cpuTimeMs'),
      wallTimeMs: sum('wallTimeMs'),
      peakMemoryKiB: peaks.length === 0 ? null : Math.max(...peaks),
      stdout: Buffer.concat(this.outcomes.map(({ stdout }) => stdout)),
      stderr: Buffer.concat(this.outcomes.map(({ stderr }) => stderr)),
    };
  }
}

function checked(outcome: RunOutcome | null): RunOutcome | null {
  if (outcome?.kind === 'sandbox_failure') {
    throw new GradingFault(`The sandbox failed in a service: ${outcome.reason ?? 'no reason'}`);
  }
  return outcome;
}

/** @throws GradingFault unless the service is what refused. */
function connectionRefused(error: unknown): null {
  if (error instanceof Error && 'code' in error) return null;
  throw new GradingFault(`The sandbox failed to connect: ${String(error)}`);
}
