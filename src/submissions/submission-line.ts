import { Injectable, Logger } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { Environment } from '../config/env.js';
import { clockOf, readClock } from '../database/database-clock.js';
import { updateRows } from '../database/entity-rows.js';
import { select } from '../database/portable-sql.js';
import { DomainError } from '../errors/domain-error.js';
import { RunEvents, terminalEventId } from '../events/run-events.js';
import { Outbox, type Place } from '../queue/outbox.js';
import { OutboxRelay } from '../queue/outbox-relay.js';
import { GradingRun } from './grading-run.entity.js';
import { Submission } from './submission.entity.js';

/** After so long a client that was refused for too many pending submissions may try again: some were graded by then. */
const TRY_AGAIN_S = 10;

/** A run that was cancelled for a newer one. */
export interface SupersededRun {
  readonly submissionId: string;
  readonly runNumber: number;
}

/** The line of submissions that wait to be graded, as those see it who hand in. */
@Injectable()
export class SubmissionLine {
  private readonly logger = new Logger(SubmissionLine.name);

  constructor(
    private readonly environment: Environment,
    private readonly outbox: Outbox,
    private readonly relay: OutboxRelay,
    private readonly events: RunEvents,
  ) {}

  /**
   * @param pending submissions of a student to a course that wait or are being graded
   * @throws DomainError `limit_exceeded` (`too_many_pending`) where they are as many as one may have
   */
  requireRoom(pending: number): void {
    const most = this.environment.limitPendingPerStudent;
    if (pending < most) return;
    throw new DomainError(
      'limit_exceeded',
      'too_many_pending',
      `You have ${pending} submissions in this course that are not graded yet, and ${most} is the most: wait until some are, or cancel them.`,
      { retryAfterSeconds: TRY_AGAIN_S },
    );
  }

  /** Puts a new run in its place, in the transaction that makes it. */
  join(manager: EntityManager, runId: string, now: Date, place: Place): Promise<void> {
    return this.outbox.add(manager, runId, now, place);
  }

  /**
   * Cancels what a student's newer submission replaces: their older ones of the same assignment that no worker has ever taken.
   * Whichever a worker takes at this moment is graded.
   */
  async supersede(
    manager: EntityManager,
    { id: supersededById, assignmentId, studentId }: Pick<Submission, 'id' | 'assignmentId' | 'studentId'>,
  ): Promise<readonly SupersededRun[]> {
    const waiting = await select(
      manager,
      `SELECT ${clockOf(manager)} AS "now", "run"."id" AS "runId", "run"."number" AS "runNumber",
        "run"."submissionId" AS "submissionId"
      FROM "submissions" "submission"
      JOIN "grading_runs" "run" ON "run"."id" = "submission"."currentRunId"
      WHERE "submission"."assignmentId" = ? AND "submission"."studentId" = ? AND "submission"."status" = 'queued'
        AND "run"."status" = 'queued' AND "run"."cause" = 'submission' AND "run"."claims" = 0`,
      [assignmentId, studentId],
    );
    const superseded: SupersededRun[] = [];
    for (const row of waiting) {
      const [runId, submissionId] = [String(row['runId']), String(row['submissionId'])];
      const cancelled = await updateRows(
        manager,
        GradingRun,
        { id: runId, status: 'queued', claims: 0 },
        { status: 'cancelled', finishedAt: readClock(row['now']) },
        ['leaseToken'],
      );
      // A worker was faster.
      if (cancelled !== 1) continue;
      await updateRows(
        manager,
        Submission,
        { id: submissionId, currentRunId: runId },
        { status: 'cancelled', supersededById },
        ['version'],
      );
      await this.outbox.remove(manager, runId);
      superseded.push({ submissionId, runNumber: Number(row['runNumber']) });
    }
    return superseded;
  }

  /** After the commit: has the run graded, and tells those who watch what it replaced. */
  announce(runId: string, superseded: readonly SupersededRun[]): void {
    this.relay.ring(runId);
    const data = { status: 'cancelled', verdict: null, score: null, maxScore: null };
    for (const { submissionId, runNumber } of superseded) {
      // Watchers look at the rows as well: nobody waits here for an event to arrive.
      this.events
        .publish({ submissionId, runNumber, id: terminalEventId(runNumber), kind: 'graded', data })
        .catch((error: unknown) => this.logger.warn({ err: error, submissionId }, 'An event was not handed on'));
    }
  }
}
