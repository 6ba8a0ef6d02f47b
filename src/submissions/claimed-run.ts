import type { EntityManager } from 'typeorm';
import { clockOf, readClock } from '../database/database-clock.js';
import { columnsOf, readRow } from '../database/entity-rows.js';
import { select } from '../database/portable-sql.js';
import { othersWait } from '../queue/outbox.js';
import { GradingRun } from './grading-run.entity.js';
import { Submission } from './submission.entity.js';

/** A run that this worker may grade until its lease ends, and what it must know for that. */
export interface ClaimedRun {
  readonly id: string;
  readonly submissionId: string;
  /** Of the run within its submission, from 1. */
  readonly number: number;
  /** Names this claim: what a worker that was thought dead sends later is refused by it. */
  readonly leaseToken: number;
  /** How often the run was claimed, this time included. */
  readonly claims: number;
  readonly assignmentId: string;
  readonly gradingVersion: number;
  readonly runtime: string;
  /** Key of the submitted files in the storage. */
  readonly filesKey: string;
  /** Of a dry run: nobody who watches the submission is told of it. */
  readonly isTrial: boolean;
}

interface FoundRun {
  readonly row: GradingRun;
  readonly submission: Submission;
  readonly now: Date;
  readonly doOthersWait: boolean;
}

/** A run with its submission, the database's time, and whether other runs wait. */
export async function findRun(manager: EntityManager, runId: string): Promise<FoundRun | null> {
  const others = othersWait(runId);
  const [found] = await select(
    manager,
    `SELECT ${clockOf(manager)} AS "now", CASE WHEN ${others.sql} THEN 1 ELSE 0 END AS "doOthersWait",
      ${columnsOf(manager, GradingRun, 'run')}, ${columnsOf(manager, Submission, 'submission')}
    FROM "grading_runs" "run"
    JOIN "submissions" "submission" ON "submission"."id" = "run"."submissionId"
    WHERE "run"."id" = ?`,
    [...others.parameters, runId],
  );
  if (found === undefined) return null;
  const row = readRow(manager, GradingRun, 'run', found);
  const submission = readRow(manager, Submission, 'submission', found);
  if (row === null || submission === null) return null;
  return { row, submission, now: readClock(found['now']), doOthersWait: Number(found['doOthersWait']) === 1 };
}

/** What whoever claims the run next would hold. */
export function claimedRun(run: GradingRun, submission: Submission): ClaimedRun {
  return {
    id: run.id,
    submissionId: submission.id,
    number: run.number,
    leaseToken: run.leaseToken + 1,
    claims: run.claims + 1,
    assignmentId: submission.assignmentId,
    gradingVersion: run.gradingVersion,
    runtime: submission.runtime,
    filesKey: submission.filesKey,
    isTrial: run.trial !== null,
  };
}
