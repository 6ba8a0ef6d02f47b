import { Injectable } from '@nestjs/common';
import { type EntityManager, In } from 'typeorm';
import { Assignment } from '../assignments/assignment.entity.js';
import { databaseNow } from '../database/database-clock.js';
import { updateRows } from '../database/entity-rows.js';
import { newId } from '../database/new-id.js';
import { rowLock } from '../database/row-lock.js';
import { Transactions } from '../database/transactions.js';
import { Outbox, type Place } from '../queue/outbox.js';
import { GradingRun } from './grading-run.entity.js';
import { queuedRun } from './queued-run.js';
import { Rejudge } from './rejudge.entity.js';
import { type Regraded, selectNext } from './rejudge-selection.js';
import { Submission } from './submission.entity.js';
import type { Trial } from './trial.js';

/** Submissions, or runs, of one transaction: what others may have to wait for. */
const BATCH = 200;

export interface Step {
  /** False: nothing is left to be done for the batch itself. */
  readonly hasMore: boolean;
  /** The runs that it made, to be handed to the queue after the commit. */
  readonly runIds: readonly string[];
}

const OVER: Step = { hasMore: false, runIds: [] };

/**
 * Moves a batch on, each step in one short transaction behind a lock on the batch's row, and from what the rows say. So a step
 * may be tried twice, by several processes at once, and by another one where the first was killed.
 */
@Injectable()
export class RejudgeSteps {
  constructor(
    private readonly transactions: Transactions,
    private readonly outbox: Outbox,
  ) {}

  /** Takes the next step, whichever that is. */
  step(rejudgeId: string): Promise<Step> {
    return this.transactions.run(async (manager) => {
      const rejudge = await manager.findOne(Rejudge, { where: { id: rejudgeId }, ...rowLock(manager) });
      return rejudge === null ? OVER : this.stepWithin(manager, rejudge);
    });
  }

  /** The same in the caller's transaction. Changes what it is given as well as the row, which must be locked or new. */
  async stepWithin(manager: EntityManager, rejudge: Rejudge): Promise<Step> {
    switch (rejudge.stage) {
      case 'making':
        return this.make(manager, rejudge);
      case 'applying':
        return this.apply(manager, rejudge);
      case 'discarding':
        return this.discard(manager, rejudge);
      case 'made':
      case 'applied':
      case 'discarded':
      case null:
        return OVER;
    }
  }

  /** Gives the submission a new run; with a dry run it shows nothing of it. It must be locked, and not be graded just now. */
  async makeRuns(manager: EntityManager, rejudge: Rejudge, submissions: readonly Regraded[]): Promise<string[]> {
    if (submissions.length === 0) return [];
    const { id: rejudgeId, gradingVersion, mode } = rejudge;
    const createdAt = await databaseNow(manager);
    const numbers = await lastNumbers(manager, submissions);
    const runs = submissions.map(({ id: submissionId, currentRunId: comparedRunId }) =>
      queuedRun({
        id: newId(),
        submissionId,
        number: (numbers.get(submissionId) ?? 0) + 1,
        cause: 'rejudge',
        rejudgeId,
        comparedRunId,
        trial: mode === 'dry_run' ? 'pending' : null,
        gradingVersion,
        createdAt,
      }),
    );
    await manager.insert(GradingRun, runs);
    const place = await placeOf(manager, rejudge);
    const students = new Map(submissions.map(({ id, studentId }) => [id, studentId]));
    for (const { id, submissionId } of runs) {
      await this.outbox.add(manager, id, createdAt, { ...place, studentId: students.get(submissionId) ?? '' });
    }
    if (mode !== 'dry_run') await makeCurrent(manager, runs, gradingVersion);
    return runs.map(({ id }) => id);
  }

  private async make(manager: EntityManager, rejudge: Rejudge): Promise<Step> {
    const assignment = await manager.findOneOrFail(Assignment, {
      select: { id: true, courseId: true, dueAt: true, latePolicy: true, countedAttempt: true },
      where: { id: rejudge.assignmentId },
    });
    const { taken, skipped, nextCursor } = await selectNext(manager, rejudge, assignment, BATCH);
    const runIds = await this.makeRuns(manager, rejudge, taken);
    await change(manager, rejudge, {
      stage: nextCursor === null ? 'made' : 'making',
      total: rejudge.total + taken.length,
      skipped: rejudge.skipped + skipped,
      ...(nextCursor === null ? {} : { cursorId: nextCursor }),
    });
    return { hasMore: nextCursor !== null, runIds };
  }

  /** A submission that was given another result since the dry run began keeps that one. */
  private async apply(manager: EntityManager, rejudge: Rejudge): Promise<Step> {
    const runs = await pendingRuns(manager, rejudge);
    const ended: Record<'applied' | 'overtaken' | 'failed', string[]> = { applied: [], overtaken: [], failed: [] };
    for (const run of runs) {
      const outcome = run.status === 'graded' ? await showResult(manager, run) : 'failed';
      ended[outcome].push(run.id);
    }
    await settle(manager, ended.applied, 'applied');
    await settle(manager, ended.overtaken, 'overtaken');
    await settle(manager, ended.failed, 'failed');
    const hasMore = runs.length === BATCH;
    await change(manager, rejudge, { stage: hasMore ? 'applying' : 'applied' });
    return { hasMore, runIds: [] };
  }

  /** What waits or is being graded ends here; the submissions never showed anything of it. */
  private async discard(manager: EntityManager, rejudge: Rejudge): Promise<Step> {
    const runs = await pendingRuns(manager, rejudge);
    const ids = runs.map(({ id }) => id);
    if (ids.length > 0) {
      await manager
        .createQueryBuilder()
        .update(GradingRun)
        .set({
          status: 'cancelled',
          // Voids the claim of the worker that grades it: its result is refused.
          leaseToken: () => `${manager.dataSource.driver.escape('leaseToken')} + 1`,
          leaseOwner: null,
          leaseExpiresAt: null,
          finishedAt: await databaseNow(manager),
        })
        .where({ id: In(ids), status: In(['queued', 'running']) })
        .execute();
      for (const { id, status } of runs) {
        if (status === 'queued' || status === 'running') await this.outbox.remove(manager, id);
      }
    }
    await settle(manager, ids, 'discarded');
    const hasMore = runs.length === BATCH;
    await change(manager, rejudge, { stage: hasMore ? 'discarding' : 'discarded' });
    return { hasMore, runIds: [] };
  }
}

/** Where the batch's runs stand among others that wait. */
async function placeOf(manager: EntityManager, { assignmentId }: Rejudge): Promise<Omit<Place, 'studentId'>> {
  const { courseId, course } = await manager.findOneOrFail(Assignment, {
    select: { id: true, courseId: true, course: { id: true, gradingWeight: true } },
    relations: { course: true },
    where: { id: assignmentId },
  });
  return { workClass: 'rejudge', courseId, weight: course?.gradingWeight ?? 1 };
}

type PendingRun = Pick<
  GradingRun,
  | 'id'
  | 'submissionId'
  | 'status'
  | 'comparedRunId'
  | 'verdict'
  | 'score'
  | 'maxScore'
  | 'gradingVersion'
  | 'startedAt'
  | 'finishedAt'
>;

/** The next runs of a dry run that nothing was decided about. */
function pendingRuns(manager: EntityManager, { id: rejudgeId }: Rejudge): Promise<PendingRun[]> {
  return manager.find(GradingRun, {
    select: {
      id: true,
      submissionId: true,
      status: true,
      comparedRunId: true,
      verdict: true,
      score: true,
      maxScore: true,
      gradingVersion: true,
      startedAt: true,
      finishedAt: true,
    },
    where: { rejudgeId, trial: 'pending' },
    order: { id: 'ASC' },
    take: BATCH,
  });
}

/**
 * Makes the result of a run that of its submission, if that still shows what the run was compared with. A score that staff set
 * stands beside it, as it did.
 */
async function showResult(manager: EntityManager, run: PendingRun): Promise<'applied' | 'overtaken'> {
  const { id: currentRunId, verdict, score, maxScore, gradingVersion, startedAt, finishedAt: gradedAt } = run;
  if (run.comparedRunId === null) return 'overtaken';
  const met = await updateRows(
    manager,
    Submission,
    { id: run.submissionId, currentRunId: run.comparedRunId },
    { status: 'graded', currentRunId, verdict, score, maxScore, gradingVersion, startedAt, gradedAt },
    ['version'],
  );
  return met === 1 ? 'applied' : 'overtaken';
}

async function settle(manager: EntityManager, runIds: readonly string[], trial: Trial): Promise<void> {
  if (runIds.length === 0) return;
  await manager.update(GradingRun, { id: In([...runIds]), trial: 'pending' }, { trial });
}

async function change(
  manager: EntityManager,
  rejudge: Rejudge,
  changes: Partial<Pick<Rejudge, 'stage' | 'total' | 'skipped' | 'cursorId'>>,
): Promise<void> {
  const moved = { ...changes, movedAt: await databaseNow(manager) };
  await updateRows(manager, Rejudge, { id: rejudge.id }, moved);
  Object.assign(rejudge, moved);
}

/** Score and verdict stay in the submissions' rows, for the gradebook, until the runs have others. */
async function makeCurrent(
  manager: EntityManager,
  runs: readonly Pick<GradingRun, 'id' | 'submissionId'>[],
  gradingVersion: number,
): Promise<void> {
  const cases = runs.map((_, index) => `WHEN :submission${index} THEN :run${index}`).join(' ');
  const parameters = runs.flatMap(({ id, submissionId }, index) => [
    [`submission${index}`, submissionId] as const,
    [`run${index}`, id] as const,
  ]);
  await manager
    .createQueryBuilder()
    .update(Submission)
    .set({
      status: 'queued',
      startedAt: null,
      gradingVersion,
      currentRunId: () => `CASE id ${cases} END`,
      version: () => 'version + 1',
    })
    .where({ id: In(runs.map((run) => run.submissionId)) })
    .setParameters(Object.fromEntries(parameters))
    .execute();
}

async function lastNumbers(
  manager: EntityManager,
  submissions: readonly Regraded[],
): Promise<ReadonlyMap<string, number>> {
  const rows = await manager
    .createQueryBuilder(GradingRun, 'run')
    .select('run.submissionId', 'submissionId')
    .addSelect('MAX(run.number)', 'last')
    .where({ submissionId: In(submissions.map(({ id }) => id)) })
    .groupBy('run.submissionId')
    .getRawMany<{ submissionId: string; last: unknown }>();
  return new Map(rows.map(({ submissionId, last }) => [submissionId, Number(last)]));
}
