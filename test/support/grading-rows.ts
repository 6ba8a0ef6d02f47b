import type { DataSource, ObjectLiteral } from 'typeorm';
import { Assignment } from '../../src/assignments/assignment.entity.js';
import { GradingVersion } from '../../src/assignments/grading-version.entity.js';
import { parseEnvironment } from '../../src/config/env.js';
import { Course } from '../../src/courses/course.entity.js';
import { databaseNow } from '../../src/database/database-clock.js';
import { newId } from '../../src/database/new-id.js';
import { Transactions } from '../../src/database/transactions.js';
import { parseGradingDocument } from '../../src/grading/parse-grading-document.js';
import { OutboxMessage } from '../../src/queue/outbox-message.entity.js';
import { Outbox } from '../../src/queue/outbox.js';
import { GradingRun } from '../../src/submissions/grading-run.entity.js';
import { queuedRun } from '../../src/submissions/queued-run.js';
import { Submission } from '../../src/submissions/submission.entity.js';
import { TestResult } from '../../src/submissions/test-result.entity.js';
import { User } from '../../src/users/user.entity.js';

/** What a grading run points to, directly or not. */
export const GRADING_ENTITIES = [
  User,
  Course,
  Assignment,
  GradingVersion,
  Submission,
  GradingRun,
  TestResult,
  OutboxMessage,
];

/** Two tests of two points each. */
export const TWO_TESTS = {
  runtime: 'python',
  tests: ['adds', 'subtracts'].map((name) => ({ kind: 'program', name, points: 2, expect: { stdout: '3' } })),
};

export interface QueuedRun {
  readonly runId: string;
  readonly submissionId: string;
  readonly assignmentId: string;
}

/** Rows of one course with one assignment, and as many submissions as asked for, as the feature modules would write them. */
export class GradingRows {
  private assignmentId: string | undefined;
  private studentId = '';
  private attempts = 0;

  constructor(private readonly dataSource: DataSource) {}

  /** A submission as it is right after it was accepted. */
  async queueSubmission(overrides: Partial<Submission> = {}): Promise<QueuedRun> {
    const assignmentId = (this.assignmentId ??= await this.addAssignment());
    const [submissionId, runId] = [newId(), newId()];
    this.attempts += 1;
    const attempt = this.attempts;
    await new Transactions(this.dataSource).run(async (manager) => {
      const now = await databaseNow(manager);
      await manager.insert(Submission, {
        id: submissionId,
        assignmentId,
        studentId: this.studentId,
        attempt,
        counts: true,
        runtime: 'python',
        status: 'queued',
        verdict: null,
        score: null,
        maxScore: null,
        late: false,
        gradingVersion: 1,
        filesKey: `submissions/${submissionId}.tar`,
        fileCount: 1,
        byteCount: 10,
        submittedAt: now,
        startedAt: null,
        gradedAt: null,
        currentRunId: runId,
        overrideScore: null,
        supersededById: null,
        version: 1,
        ...overrides,
      });
      await manager.insert(
        GradingRun,
        queuedRun({ id: runId, submissionId, number: 1, gradingVersion: 1, createdAt: now }),
      );
      await new Outbox().add(manager, runId, now);
    });
    return { runId, submissionId, assignmentId };
  }

  /** A second grading run of a submission, which becomes its current one. */
  async queueRejudge({ submissionId }: QueuedRun, number = 2): Promise<string> {
    const runId = newId();
    await new Transactions(this.dataSource).run(async (manager) => {
      const now = await databaseNow(manager);
      await manager.insert(
        GradingRun,
        queuedRun({ id: runId, submissionId, number, gradingVersion: 1, createdAt: now, cause: 'rejudge' }),
      );
      await manager.update(Submission, { id: submissionId }, { currentRunId: runId, status: 'queued' });
      await new Outbox().add(manager, runId, now);
    });
    return runId;
  }

  private async addAssignment(): Promise<string> {
    const parsed = parseGradingDocument(TWO_TESTS, {
      runtimes: ['python'],
      ceilings: parseEnvironment({}).limitCeilings,
    });
    if (!parsed.ok) throw new Error('The grading document of the test is not valid.');
    const [userId, courseId, assignmentId] = [newId(), newId(), newId()];
    this.studentId = userId;
    await new Transactions(this.dataSource).run(async (manager) => {
      const createdAt = await databaseNow(manager);
      await manager.insert(User, {
        id: userId,
        email: `${userId}@example.org`,
        name: 'Ada',
        passwordHash: null,
        role: 'student',
        disabled: false,
        tokenVersion: 1,
        createdAt,
        version: 1,
      });
      await manager.insert(Course, {
        id: courseId,
        code: 'CS1',
        title: 'Programming',
        description: '',
        term: null,
        status: 'published',
        enrolment: 'invite',
        enrolmentCode: null,
        startsAt: null,
        endsAt: null,
        gradingWeight: 1,
        createdAt,
        version: 1,
      });
      await manager.insert(Assignment, {
        id: assignmentId,
        courseId,
        slug: 'sum',
        title: 'Sum',
        instructions: '',
        status: 'published',
        opensAt: null,
        dueAt: null,
        closesAt: null,
        maxAttempts: null,
        latePolicy: { kind: 'none' },
        countedAttempt: 'best',
        supersedes: false,
        maxPoints: 4,
        gradingVersion: 1,
        createdAt,
        version: 1,
      });
      const version: GradingVersion = {
        id: newId(),
        assignmentId,
        number: 1,
        source: TWO_TESTS,
        document: parsed.document,
        maxPoints: 4,
        createdById: userId,
        createdAt,
      };
      await manager.insert<ObjectLiteral>(GradingVersion, version);
    });
    return assignmentId;
  }
}
