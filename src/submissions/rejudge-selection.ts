import {
  And,
  Brackets,
  type EntityManager,
  type FindOperator,
  In,
  IsNull,
  LessThan,
  LessThanOrEqual,
  MoreThan,
  MoreThanOrEqual,
  Not,
} from 'typeorm';
import type { Assignment } from '../assignments/assignment.entity.js';
import { hasRowLocks } from '../database/row-lock.js';
import { countedAttempt } from '../grading/counted-attempt.js';
import { isTerminal } from '../grading/run-state.js';
import { countingScore } from './counting-score.js';
import { USUAL_STATUSES } from './rejudge-filter.js';
import type { Rejudge } from './rejudge.entity.js';
import { Submission } from './submission.entity.js';

/** What is needed of a submission to grade it again. */
export type Regraded = Pick<Submission, 'id' | 'studentId' | 'currentRunId'>;

/** What is needed of its assignment. */
export type RejudgedAssignment = Pick<Assignment, 'id' | 'courseId' | 'dueAt' | 'latePolicy' | 'countedAttempt'>;

export interface Selection {
  /** To be graded again; locked until the transaction ends. */
  readonly taken: readonly Regraded[];
  /** How many would have been, but were waiting or being graded. */
  readonly skipped: number;
  /** The last submission that was looked at, to go on behind; null: none is left. */
  readonly nextCursor: string | null;
}

/**
 * The next submissions of a batch, in order of their ids, at most `limit`: those behind its cursor that were there when it was
 * asked for and that its filter takes.
 */
export async function selectNext(
  manager: EntityManager,
  rejudge: Rejudge,
  assignment: RejudgedAssignment,
  limit: number,
): Promise<Selection> {
  const filter = rejudge.filter ?? {};
  const query = manager
    .createQueryBuilder(Submission, 'submission')
    .select(['id', 'studentId', 'status', 'currentRunId'].map((column) => `submission.${column}`))
    .where({ assignmentId: rejudge.assignmentId, submittedAt: withinDates(rejudge), isModel: false })
    .andWhere(
      new Brackets((either) =>
        either.where({ status: In(['queued', 'running']) }).orWhere(
          new Brackets((ended) => {
            ended.where({ status: In([...(filter.statuses ?? USUAL_STATUSES)]) });
            if (filter.verdicts !== undefined) ended.andWhere({ verdict: In([...filter.verdicts]) });
            if (filter.gradingVersions !== undefined) {
              ended.andWhere({ gradingVersion: In([...filter.gradingVersions]) });
            }
            if (filter.outdatedOnly === true) ended.andWhere({ gradingVersion: LessThan(rejudge.gradingVersion) });
          }),
        ),
      ),
    );
  if (rejudge.cursorId !== null) query.andWhere({ id: MoreThan(rejudge.cursorId) });
  if (filter.studentIds !== undefined) query.andWhere({ studentId: In([...filter.studentIds]) });
  if (hasRowLocks(manager)) query.setLock('pessimistic_write');
  const found = await query.orderBy('submission.id', 'ASC').limit(limit).getMany();
  const ended = found.filter(({ status }) => isTerminal(status));
  const counted = filter.countedOnly === true ? await countedIds(manager, assignment, ended) : null;
  return {
    taken: counted === null ? ended : ended.filter(({ id }) => counted.has(id)),
    skipped: found.length - ended.length,
    nextCursor: found.length < limit ? null : (found.at(-1)?.id ?? null),
  };
}

function withinDates({ filter, createdAt }: Rejudge): FindOperator<Date> {
  const [after, before] = [filter?.submittedAfter, filter?.submittedBefore];
  // What is handed in while the batch is being made is graded by the same document anyway.
  const conditions = [LessThanOrEqual(createdAt)];
  if (before !== undefined) conditions.push(LessThanOrEqual(new Date(before)));
  if (after !== undefined) conditions.push(MoreThanOrEqual(new Date(after)));
  return And(...conditions);
}

/** Of each of these students, the attempt that the gradebook counts, as it stands now. */
async function countedIds(
  manager: EntityManager,
  assignment: RejudgedAssignment,
  some: readonly Pick<Submission, 'studentId'>[],
): Promise<ReadonlySet<string>> {
  const studentIds = [...new Set(some.map(({ studentId }) => studentId))];
  if (studentIds.length === 0) return new Set();
  const counting = { assignmentId: assignment.id, studentId: In(studentIds), counts: true };
  const rows = await manager.find(Submission, {
    select: { id: true, studentId: true, attempt: true, score: true, overrideScore: true, submittedAt: true },
    where: [
      { ...counting, score: Not(IsNull()) },
      { ...counting, overrideScore: Not(IsNull()) },
    ],
  });
  const byStudent = new Map(studentIds.map((studentId): [string, typeof rows] => [studentId, []]));
  for (const row of rows) byStudent.get(row.studentId)?.push(row);
  const ids = [...byStudent.values()].flatMap((submissions) => {
    const attempts = submissions.map((submission) => ({
      id: submission.id,
      attempt: submission.attempt,
      score: countingScore(assignment, submission),
    }));
    return countedAttempt(assignment.countedAttempt, attempts)?.id ?? [];
  });
  return new Set(ids);
}
