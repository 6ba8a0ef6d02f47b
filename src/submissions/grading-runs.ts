import { Injectable, Logger, Optional } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { Environment } from '../config/env.js';
import { databaseNow } from '../database/database-clock.js';
import { updateRows } from '../database/entity-rows.js';
import { select } from '../database/portable-sql.js';
import { Transactions } from '../database/transactions.js';
import { RunEvents } from '../events/run-events.js';
import { isTerminal, type RunState } from '../grading/run-state.js';
import type { TestResult as TestOutcome } from '../grading/test-result.js';
import type { Verdict } from '../grading/verdict.js';
import { Outbox } from '../queue/outbox.js';
import { OutboxRelay } from '../queue/outbox-relay.js';
import { type ClaimedRun, claimedRun, findRun } from './claimed-run.js';
import { earlierResult } from './earlier-result.js';
import { GradingRun } from './grading-run.entity.js';
import { insertResults } from './insert-results.js';
import { RunNews } from './run-news.js';
import { Submission } from './submission.entity.js';

/** After so many claims that came to nothing Assay gives a run up: `failed`, at no cost to the student. */
export const MOST_CLAIMS = 3;

/** What grading a submission came to. */
export interface RunResult {
  readonly verdict: Verdict;
  readonly score: number;
  readonly maxScore: number;
  /** Cut; null when nothing was built. */
  readonly buildOutput: string | null;
  /** In the order of the grading document. */
  readonly tests: readonly TestOutcome[];
}

export interface HandBackOptions {
  /** How long nobody should take the run. */
  readonly delayMs: number;
  /** False where the run was not to blame, such as a worker that stops: the claim then does not count. */
  readonly counts: boolean;
}

type SubmissionChanges = Partial<Omit<Submission, 'assignment' | 'student' | 'version'>>;

const FAILED: SubmissionChanges = { status: 'failed', verdict: 'judge_error', score: null };

/**
 * Moves grading runs through their states, each step in one transaction that checks the state it starts from, so that any
 * step may be tried twice and from several processes. All times are the database's. After the commit, what happened is told
 * to those who watch.
 */
@Injectable()
export class GradingRuns {
  private readonly logger = new Logger(GradingRuns.name);
  private readonly news: RunNews;

  constructor(
    private readonly environment: Environment,
    private readonly dataSource: DataSource,
    private readonly transactions: Transactions,
    private readonly outbox: Outbox,
    events: RunEvents,
    /** Told when a claim leaves others waiting; without it the next sweep finds them. */
    @Optional() private readonly relay?: OutboxRelay,
  ) {
    this.news = new RunNews(events);
  }

  /**
   * Takes a run for `worker` until the lease ends, or returns null when there is nothing to do: it is over, or somebody else
   * holds it. A run that was claimed too often without a result is given up here.
   */
  async claim(runId: string, worker: string): Promise<ClaimedRun | null> {
    const outcome = await this.transactions.run((manager) => this.claimWithin(manager, runId, worker));
    if (outcome === null || outcome.doOthersWait) this.relay?.refill();
    if (outcome === null) return null;
    if (outcome.isGivenUp) {
      this.logger.error(
        { runId, claims: outcome.run.claims },
        'A grading run was given up: its workers died or lost their lease',
      );
      this.news.end(outcome.run, { status: 'failed', verdict: 'judge_error', score: null, maxScore: null });
      return null;
    }
    const { run } = outcome;
    this.news.begin(run);
    return run;
  }

  /** Keeps the claim for another lease. False: it is lost, or the run was cancelled; whatever comes of it counts no more. */
  async heartbeat(run: ClaimedRun): Promise<boolean> {
    return this.transactions.run(async (manager) => {
      const leaseExpiresAt = await this.endOfLease(manager);
      const kept = await this.update(manager, run, { leaseExpiresAt });
      if (kept) await this.outbox.postpone(manager, run.id, leaseExpiresAt);
      return kept;
    });
  }

  /** Whether the claim still holds; as `heartbeat`, without prolonging it and without a write. */
  async isHeld({ id, leaseToken }: ClaimedRun): Promise<boolean> {
    // Asked once a second for each run that is graded.
    const found = await select(
      this.dataSource.manager,
      `SELECT "id" FROM "grading_runs" WHERE "id" = ? AND "leaseToken" = ? AND "status" = 'running'`,
      [id, leaseToken],
    );
    return found.length > 0;
  }

  /** Whether somebody cancelled the run. */
  async isCancelled(runId: string): Promise<boolean> {
    return this.dataSource.manager.existsBy(GradingRun, { id: runId, status: 'cancelled' });
  }

  /** Whether the result of this very claim is stored: the answer to a commit may have been lost. */
  async isRecorded({ id, leaseToken }: ClaimedRun): Promise<boolean> {
    return this.dataSource.manager.existsBy(GradingRun, { id, leaseToken, status: 'graded' });
  }

  /**
   * Stores the result: test results, verdict and score of the run, and, where the run is the submission's current one, of
   * the submission. False, with nothing changed, when the claim was lost, the run was cancelled, or it is stored already.
   */
  async record(run: ClaimedRun, result: RunResult): Promise<boolean> {
    const { verdict, score, maxScore } = result;
    const isRecorded = await this.transactions.run(async (manager) => {
      const now = await databaseNow(manager);
      const isOurs = await this.update(manager, run, {
        status: 'graded',
        verdict,
        score,
        maxScore,
        buildOutput: result.buildOutput,
        leaseOwner: null,
        leaseExpiresAt: null,
        finishedAt: now,
      });
      // Cancelled, graded by another or overtaken: the first result stands, and ours is as if it had never been.
      if (!isOurs) return false;
      await insertResults(manager, run.id, result.tests);
      await this.updateSubmission(manager, run, {
        status: 'graded',
        verdict,
        score,
        maxScore,
        gradingVersion: run.gradingVersion,
        gradedAt: now,
      });
      await this.outbox.remove(manager, run.id);
      return true;
    });
    if (isRecorded) this.news.end(run, { status: 'graded', verdict, score, maxScore });
    return isRecorded;
  }

  /** Gives the claim up, so that another worker may take the run after `delayMs`. Harmless when it was lost already. */
  async handBack(run: ClaimedRun, { delayMs, counts }: HandBackOptions): Promise<void> {
    await this.transactions.run(async (manager) => {
      const now = await databaseNow(manager);
      const isOurs = await this.update(manager, run, {
        status: 'queued',
        claims: counts ? run.claims : run.claims - 1,
        leaseOwner: null,
        leaseExpiresAt: null,
        startedAt: null,
      });
      if (!isOurs) return;
      await this.updateSubmission(manager, run, { status: 'queued', startedAt: null });
      await this.outbox.putBack(manager, run.id, new Date(now.getTime() + delayMs));
    });
  }

  /**
   * Ends a run that Assay could not grade. `reason` is for operators, `tests` what is known of its tests, if anything, in the
   * order of the grading document: shown, and counted nowhere. False when the claim was lost already.
   */
  async fail(run: ClaimedRun, reason: string, tests: readonly TestOutcome[] = []): Promise<boolean> {
    const isFailed = await this.transactions.run(async (manager) => {
      if (!(await this.failWithin(manager, run, reason))) return false;
      await insertResults(manager, run.id, tests);
      return true;
    });
    if (isFailed) this.news.end(run, { status: 'failed', verdict: 'judge_error', score: null, maxScore: null });
    return isFailed;
  }

  private async claimWithin(
    manager: EntityManager,
    runId: string,
    worker: string,
  ): Promise<{ readonly run: ClaimedRun; readonly isGivenUp: boolean; readonly doOthersWait: boolean } | null> {
    const found = await findRun(manager, runId);
    if (found === null || isTerminal(found.row.status)) {
      // Nobody needs to ring for it any more.
      await this.outbox.remove(manager, runId);
      return null;
    }
    const { row, submission, now, doOthersWait } = found;
    if (row.status === 'running' && row.leaseExpiresAt !== null && row.leaseExpiresAt > now) return null;

    const run = claimedRun(row, submission);
    if (row.claims >= MOST_CLAIMS) {
      const before = { ...run, leaseToken: row.leaseToken, claims: row.claims };
      const reason = `Claimed ${row.claims} times without a result: its workers died or lost it.`;
      return (await this.failWithin(manager, before, reason, row.status))
        ? { run: before, isGivenUp: true, doOthersWait }
        : null;
    }
    const leaseExpiresAt = new Date(now.getTime() + this.environment.gradingLeaseMs);
    const isTaken = await this.update(
      manager,
      { id: runId, leaseToken: row.leaseToken },
      {
        status: 'running',
        leaseToken: run.leaseToken,
        leaseOwner: worker,
        leaseExpiresAt,
        claims: run.claims,
        startedAt: now,
      },
      row.status,
    );
    // Another worker read the same row and was faster.
    if (!isTaken) return null;
    await this.updateSubmission(manager, run, { status: 'running', startedAt: now });
    await this.outbox.postpone(manager, runId, leaseExpiresAt);
    return { run, isGivenUp: false, doOthersWait };
  }

  private async failWithin(
    manager: EntityManager,
    run: ClaimedRun,
    reason: string,
    from: RunState = 'running',
  ): Promise<boolean> {
    const finishedAt = await databaseNow(manager);
    const isOurs = await this.update(
      manager,
      run,
      { status: 'failed', verdict: 'judge_error', failure: reason, leaseOwner: null, leaseExpiresAt: null, finishedAt },
      from,
    );
    if (!isOurs) return false;
    await this.updateSubmission(manager, run, (await earlierResult(manager, run)) ?? FAILED);
    await this.outbox.remove(manager, run.id);
    return true;
  }

  /** Changes the run if it still is as the claim left it. */
  private async update(
    manager: EntityManager,
    { id, leaseToken }: Pick<ClaimedRun, 'id' | 'leaseToken'>,
    changes: Partial<Omit<GradingRun, 'submission'>>,
    from: RunState = 'running',
  ): Promise<boolean> {
    return (await updateRows(manager, GradingRun, { id, leaseToken, status: from }, changes)) === 1;
  }

  /** The submission mirrors its current run only: an older one that ends late, or was overtaken, changes nothing there. */
  private async updateSubmission(
    manager: EntityManager,
    run: Pick<ClaimedRun, 'id' | 'submissionId'>,
    changes: SubmissionChanges,
  ): Promise<void> {
    await updateRows(manager, Submission, { id: run.submissionId, currentRunId: run.id }, changes, ['version']);
  }

  private async endOfLease(manager: EntityManager): Promise<Date> {
    const now = await databaseNow(manager);
    return new Date(now.getTime() + this.environment.gradingLeaseMs);
  }
}
