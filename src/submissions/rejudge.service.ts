import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { type EntityManager, In, type Repository } from 'typeorm';
import { AssignmentAccess } from '../assignments/assignment-access.js';
import { Assignment } from '../assignments/assignment.entity.js';
import type { Principal } from '../auth/principal.js';
import type { Course } from '../courses/course.entity.js';
import { databaseNow } from '../database/database-clock.js';
import { newId } from '../database/new-id.js';
import { rowLock } from '../database/row-lock.js';
import { Transactions } from '../database/transactions.js';
import { DomainError } from '../errors/domain-error.js';
import { isTerminal } from '../grading/run-state.js';
import { withAnswer } from '../http/answer.js';
import { Idempotency } from '../http/idempotency.js';
import { Outbox } from '../queue/outbox.js';
import { OutboxRelay } from '../queue/outbox-relay.js';
import { RejudgeDto, type RejudgeProgress } from './dto/rejudge.dto.js';
import { GradingRun } from './grading-run.entity.js';
import { queuedRun } from './queued-run.js';
import { Rejudge } from './rejudge.entity.js';
import { SubmissionAccess } from './submission-access.js';
import { Submission } from './submission.entity.js';

/** Rows of one statement. */
const BATCH = 200;
/** Runs that are handed to the queue at once; the relay's sweep takes the others in turn. */
const MOST_RINGS = 50;
const NO_PROGRESS: RejudgeProgress = { queued: 0, running: 0, graded: 0, failed: 0, cancelled: 0 };

type Regraded = Pick<Submission, 'id' | 'studentId'>;

/** Has submissions graded again with the assignment's current grading document. What they had stays until that is done. */
@Injectable()
export class RejudgeService {
  constructor(
    @InjectRepository(Rejudge) private readonly rejudges: Repository<Rejudge>,
    @InjectRepository(GradingRun) private readonly runs: Repository<GradingRun>,
    private readonly assignments: AssignmentAccess,
    private readonly access: SubmissionAccess,
    private readonly transactions: Transactions,
    private readonly outbox: Outbox,
    private readonly relay: OutboxRelay,
    private readonly idempotency: Idempotency,
  ) {}

  /** Grades one submission again, in whatever state it ended. */
  async rejudgeSubmission(user: Principal, submissionId: string): Promise<RejudgeDto> {
    const { assignment } = await this.access.getForStaff(user, submissionId);
    return this.rejudge(user, { assignmentId: assignment.id, submissionId }, async (manager) => {
      const submission = await manager.findOneOrFail(Submission, { where: { id: submissionId }, ...rowLock(manager) });
      if (!isTerminal(submission.status)) {
        throw new DomainError(
          'conflict',
          'grading_in_progress',
          'It is waiting or being graded: wait until that has ended.',
        );
      }
      return { submissions: [submission], skipped: 0 };
    });
  }

  /** Grades all submissions to an assignment again that were graded or had failed; cancelled ones stay as they are. */
  async rejudgeAssignment(user: Principal, assignmentId: string): Promise<RejudgeDto> {
    const { standing } = await this.assignments.getVisible(user, assignmentId);
    if (!standing.isStaff) {
      throw new DomainError('forbidden', 'staff_only', 'Only the staff of this course may do this.');
    }
    return this.rejudge(user, { assignmentId, submissionId: null }, async (manager) => {
      const submissions = await manager.find(Submission, {
        select: { id: true, studentId: true },
        where: { assignmentId, status: In(['graded', 'failed']) },
        order: { id: 'ASC' },
        ...rowLock(manager),
      });
      const skipped = await manager.countBy(Submission, { assignmentId, status: In(['queued', 'running']) });
      // Counted behind the lock, those that were just queued again by somebody else are among the skipped.
      return { submissions, skipped };
    });
  }

  async get(user: Principal, rejudgeId: string): Promise<RejudgeDto> {
    const rejudge = await this.rejudges.findOneBy({ id: rejudgeId });
    const visible = rejudge === null ? null : await this.assignments.findVisible(user, rejudge.assignmentId);
    if (rejudge === null || visible?.standing.isStaff !== true) throw DomainError.notFound('rejudge');
    const counts = await this.runs
      .createQueryBuilder('run')
      .select('run.status', 'status')
      .addSelect('COUNT(*)', 'count')
      .where('run.rejudgeId = :rejudgeId', { rejudgeId })
      .groupBy('run.status')
      .getRawMany<{ status: string; count: unknown }>();
    const progress = Object.fromEntries(counts.map(({ status, count }) => [status, Number(count)]));
    return RejudgeDto.from(rejudge, { ...NO_PROGRESS, ...progress });
  }

  private async rejudge(
    user: Principal,
    scope: Pick<Rejudge, 'assignmentId' | 'submissionId'>,
    choose: (manager: EntityManager) => Promise<{ submissions: readonly Regraded[]; skipped: number }>,
  ): Promise<RejudgeDto> {
    const { body, runIds } = await this.transactions.run(async (manager) => {
      const { submissions, skipped } = await choose(manager);
      const { gradingVersion, course } = await manager.findOneOrFail(Assignment, {
        select: { id: true, gradingVersion: true, course: { id: true, gradingWeight: true } },
        relations: { course: true },
        where: { id: scope.assignmentId },
      });
      const rejudge: Rejudge = {
        ...scope,
        id: newId(),
        gradingVersion,
        total: submissions.length,
        skipped,
        createdById: user.userId,
        createdAt: await databaseNow(manager),
      };
      await manager.insert(Rejudge, rejudge);
      const runIds: string[] = [];
      for (let start = 0; start < submissions.length; start += BATCH) {
        runIds.push(...(await this.requeue(manager, rejudge, submissions.slice(start, start + BATCH), course)));
      }
      const dto = RejudgeDto.from(rejudge, { ...NO_PROGRESS, queued: rejudge.total });
      const location = `/api/v1/rejudges/${rejudge.id}`;
      await this.idempotency.complete(manager, { status: 202, body: dto, location });
      return { body: withAnswer(dto, { location }), runIds };
    });
    for (const runId of runIds.slice(0, MOST_RINGS)) this.relay.ring(runId);
    return body;
  }

  /** Gives each submission a new run. Score and verdict stay in its row, for the gradebook, until the run has others. */
  private async requeue(
    manager: EntityManager,
    rejudge: Rejudge,
    submissions: readonly Regraded[],
    course: Pick<Course, 'id' | 'gradingWeight'> | undefined,
  ): Promise<string[]> {
    const { id: rejudgeId, gradingVersion, createdAt } = rejudge;
    const numbers = await lastNumbers(manager, submissions);
    const runs = submissions.map(({ id: submissionId }) =>
      queuedRun({
        id: newId(),
        submissionId,
        number: (numbers.get(submissionId) ?? 0) + 1,
        cause: 'rejudge',
        rejudgeId,
        gradingVersion,
        createdAt,
      }),
    );
    await manager.insert(GradingRun, runs);
    const students = new Map(submissions.map(({ id, studentId }) => [id, studentId]));
    for (const { id, submissionId } of runs) {
      await this.outbox.add(manager, id, createdAt, {
        workClass: 'rejudge',
        courseId: course?.id ?? '',
        studentId: students.get(submissionId) ?? '',
        weight: course?.gradingWeight ?? 1,
      });
    }
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
    return runs.map(({ id }) => id);
  }
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
