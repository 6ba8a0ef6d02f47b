import { setTimeout as pause } from 'node:timers/promises';
import { Injectable, Logger } from '@nestjs/common';
import { Environment } from '../config/env.js';
import { isDatabaseFull, isDatabaseUnavailable } from '../database/database-errors.js';
import { DomainError } from '../errors/domain-error.js';
import { RunEvents, testEventId } from '../events/run-events.js';
import { entrypointFor } from '../grading/entrypoint.js';
import type { GradingDocument } from '../grading/grading-document.js';
import type { TestResult } from '../grading/test-result.js';
import { Sandbox, type SandboxSession, type SandboxSpec } from '../sandbox/sandbox.js';
import { Services } from '../sandbox/services/services.js';
import type { ClaimedRun } from '../submissions/claimed-run.js';
import { GradingRuns, MOST_CLAIMS, type RunResult } from '../submissions/grading-runs.js';
import { openSandbox, withServices } from './beside.js';
import { CheckerBuilds } from './checkers/checker-builds.js';
import { CheckerRuns } from './checkers/checker-runs.js';
import { type GradingEnd, GradingMetrics } from './grading-metrics.js';
import { LeaseKeeper } from './lease-keeper.js';
import { runTests } from './run-tests.js';
import { SqlServers } from './sql/sql-servers.js';
import { needsSystemPackages, SubmissionMaterials } from './submission-materials.js';
import { type RunProgress, unfinishedResults } from './unfinished-results.js';
import { WORKER_NAME } from './worker-name.js';

/** Pause before a run that failed here may be claimed again: longer each time, so that a short fault is over by then. */
const BACK_OFF_MS = [2_000, 8_000];

/** Pause after something that all runs need was away, such as the storage: it costs the run no claim. */
const OUTAGE_MS = 10_000;

/** After a hand-back nobody should ring at once: the queue must first notice that its job is over. */
const HAND_BACK_MS = 1_000;

const RETRY_MS = 1_000;
/** How long a claim is tried while the database is away; after that the outbox rings again. */
const CLAIM_FOR_MS = 30_000;

/**
 * Grades one submission, from the claim of its run to the stored result. Calling it for a run that is over, held by another
 * or unknown does nothing, so a job may be delivered any number of times. Nothing that goes wrong on our side costs the
 * student: the run is handed back, and after several tries it is `failed`.
 */
@Injectable()
export class GradeSubmission {
  private readonly logger = new Logger(GradeSubmission.name);
  private readonly leases = new Set<LeaseKeeper>();
  private readonly checkerBuilds: CheckerBuilds;
  private isStopping = false;

  constructor(
    private readonly environment: Environment,
    private readonly runs: GradingRuns,
    private readonly materials: SubmissionMaterials,
    private readonly sandbox: Sandbox,
    private readonly services: Services,
    private readonly events: RunEvents,
    private readonly metrics: GradingMetrics,
  ) {
    this.checkerBuilds = new CheckerBuilds(sandbox);
  }

  /** Rejects only when nothing could be claimed, because the database stayed away. */
  async grade(runId: string): Promise<void> {
    const run = await this.claim(runId);
    if (run === null) return;
    const startedAt = performance.now();
    this.metrics.started();
    const lease = new LeaseKeeper(this.runs, run, this.environment.gradingLeaseMs);
    this.leases.add(lease);
    if (this.isStopping) lease.abort('stopping');
    let end: GradingEnd = 'stale';
    try {
      end = await this.work(lease);
    } finally {
      lease.stop();
      this.leases.delete(lease);
      this.metrics.ended(end, performance.now() - startedAt);
    }
  }

  /** How many runs are graded now. */
  get count(): number {
    return this.leases.size;
  }

  /** Ends all work at once; each run is handed back, and claimed by others without counting as a failed try. */
  abortAll(): void {
    this.isStopping = true;
    for (const lease of this.leases) lease.abort('stopping');
  }

  /** Resolves when nothing is graded any more, or after `timeoutMs`. */
  async whenIdle(timeoutMs: number): Promise<void> {
    const deadline = performance.now() + timeoutMs;
    while (this.leases.size > 0 && performance.now() < deadline) await pause(20);
  }

  private async claim(runId: string): Promise<ClaimedRun | null> {
    const givenUpAt = performance.now() + CLAIM_FOR_MS;
    for (;;) {
      if (this.isStopping) return null;
      try {
        return await this.runs.claim(runId, WORKER_NAME);
      } catch (error) {
        if (!isDatabaseUnavailable(error) || performance.now() > givenUpAt) throw error;
      }
      await pause(RETRY_MS);
    }
  }

  private async work(lease: LeaseKeeper): Promise<GradingEnd> {
    const progress: RunProgress = { document: null, results: [] };
    let result: RunResult;
    try {
      result = await this.run(lease, progress);
    } catch (error) {
      return this.giveUp(lease, error, progress);
    }
    return this.store(lease, result);
  }

  private async run({ run, signal }: LeaseKeeper, progress: RunProgress): Promise<RunResult> {
    const { document, runtime, submitted, laidBeside, compiledTests } = await this.materials.load(run);
    progress.document = document;
    const spec = specOf(document, run.runtime);
    const sandbox = await openSandbox(this.sandbox, spec);
    const ceilings = this.environment.limitCeilings;
    const checkers = new CheckerRuns(this.sandbox, this.checkerBuilds, ceilings);
    const sqlServers = new SqlServers(this.sandbox, this.services, signal);
    const openBeside = async (): Promise<SandboxSession> => {
      const other = await openSandbox(this.sandbox, spec);
      try {
        return await withServices(other, document, laidBeside, this.services, signal);
      } catch (error) {
        await other.close();
        throw error;
      }
    };
    try {
      await sandbox.put(submitted);
      await sandbox.put(laidBeside);
      const session = {
        sandbox: await withServices(sandbox, document, laidBeside, this.services, signal),
        document,
        runtime,
        submitted,
        laidBeside,
        compiledTests,
        ceilings,
        checkers,
        sqlServers,
        openBeside,
        signal,
      };
      return await runTests(session, (result, position) => {
        progress.results.push(result);
        this.tell(run, result, position);
      });
    } finally {
      await Promise.all([sandbox.close(), checkers.close(), sqlServers.close()]);
    }
  }

  /** Keeps a finished result until the database takes it, or says that it is not wanted any longer. */
  private async store(lease: LeaseKeeper, result: RunResult): Promise<GradingEnd> {
    for (;;) {
      try {
        return (await this.runs.record(lease.run, result)) ? 'graded' : await this.refused(lease.run);
      } catch (error) {
        if (!isDatabaseUnavailable(error) && !isDatabaseFull(error)) return this.giveUp(lease, error);
        // The lease runs out by itself then, and another worker grades it anew.
        if (this.isStopping) return 'handed_back';
        this.logger.warn(
          { err: error, runId: lease.run.id },
          'A result could not be stored yet; it is kept and tried again',
        );
      }
      await pause(RETRY_MS);
    }
  }

  private async refused(run: ClaimedRun): Promise<GradingEnd> {
    const runId = run.id;
    if (await this.runs.isCancelled(runId)) {
      this.logger.log({ runId }, 'A grading run was cancelled while it was graded');
      return 'cancelled';
    }
    // By ourselves, at the try before: the database had stored it and could not say so any more.
    if (await this.runs.isRecorded(run)) return 'graded';
    this.logger.warn({ runId }, 'A stale result was refused: another worker has taken the run over');
    return 'stale';
  }

  /** Ends work that came to nothing. Should the database be away too, the lease runs out by itself. */
  private async giveUp(
    { run, ended }: LeaseKeeper,
    error: unknown,
    progress: RunProgress = { document: null, results: [] },
  ): Promise<GradingEnd> {
    try {
      if (ended === 'lost') return await this.refused(run);
      if (ended === 'stopping') {
        await this.runs.handBack(run, { delayMs: HAND_BACK_MS, counts: false });
        return 'handed_back';
      }
      this.logger.error(
        { err: error, runId: run.id, submissionId: run.submissionId, claims: run.claims },
        'A submission could not be graded',
      );
      if (isOutage(error)) {
        await this.runs.handBack(run, { delayMs: OUTAGE_MS, counts: false });
        return 'handed_back';
      }
      if (run.claims >= MOST_CLAIMS) {
        await this.runs.fail(run, reasonOf(error), unfinishedResults(progress));
        return 'failed';
      }
      await this.runs.handBack(run, { delayMs: BACK_OFF_MS[run.claims - 1] ?? HAND_BACK_MS, counts: true });
    } catch (failure) {
      this.logger.error(
        { err: failure, runId: run.id },
        'A grading run could not be handed back; its lease will run out',
      );
    }
    return 'handed_back';
  }

  private tell({ submissionId, number, isTrial }: ClaimedRun, result: TestResult, position: number): void {
    if (isTrial) return;
    this.events
      .publish({
        submissionId,
        runNumber: number,
        id: testEventId(number, position),
        kind: 'test',
        data: { position, ...result },
      })
      .catch((error: unknown) => this.logger.warn({ err: error, submissionId }, 'An event was not handed on'));
  }
}

/** Whether programs of the submission must run beside others: sandboxes for that are slower. */
function isInteractive({ tests, checkers = [] }: GradingDocument): boolean {
  const names = new Set(checkers.filter(({ interactive }) => interactive === true).map(({ name }) => name));
  return tests.some((test) => test.kind === 'program' && names.has(test.checker ?? ''));
}

/** One session for all tests: it has what any of them needs. */
function specOf(document: GradingDocument, runtime: string): SandboxSpec {
  const entrypoint = entrypointFor(document, runtime);
  const hasService = document.tests.some(({ kind }) => kind === 'http');
  const isShared = hasService || isInteractive(document) || (document.services ?? []).length > 0;
  const wantsLoopback = [document.limits, ...document.tests.map(({ limits }) => limits)].some(
    ({ network }) => network === 'loopback',
  );
  return {
    runtime,
    // The program's own at most, or the session's own.
    network: isShared ? 'shared' : wantsLoopback ? 'loopback' : 'none',
    forkServer: document.runner === 'auto' && entrypoint !== null ? { entrypoint } : null,
    reuse: document.reuse,
    // Frameworks are packages.
    systemSitePackages: needsSystemPackages(document) || hasService,
  };
}

/** What is no fault of the run: without this, an outage of seconds would use up the claims of all that wait. */
function isOutage(error: unknown): boolean {
  return isDatabaseUnavailable(error) || (error instanceof DomainError && error.kind === 'unavailable');
}

function reasonOf(error: unknown): string {
  return (error instanceof Error ? `${error.name}: ${error.message}` : String(error)).slice(0, 2_000);
}
