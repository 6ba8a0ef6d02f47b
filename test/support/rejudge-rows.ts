import type { DataSource } from 'typeorm';
import { databaseNow } from '../../src/database/database-clock.js';
import { newId } from '../../src/database/new-id.js';
import { Transactions } from '../../src/database/transactions.js';
import type { Verdict } from '../../src/grading/verdict.js';
import { GradingRun } from '../../src/submissions/grading-run.entity.js';
import { queuedRun } from '../../src/submissions/queued-run.js';
import { Rejudge } from '../../src/submissions/rejudge.entity.js';
import { Submission } from '../../src/submissions/submission.entity.js';
import { User } from '../../src/users/user.entity.js';

/** Rows of one INSERT. */
const BATCH = 100;

/** What one submission is like, besides the usual. */
export type SubmissionFields = Partial<
  Pick<
    Submission,
    'studentId' | 'status' | 'verdict' | 'score' | 'gradingVersion' | 'submittedAt' | 'overrideScore' | 'counts'
  >
>;

/** A result of a dry run that is there already. */
export interface TrialResult {
  readonly verdict: Verdict;
  readonly score: number;
}

/** Many submissions to one assignment, and batches that grade them again, as the feature itself would write them. */
export class RejudgeRows {
  private attempts = 0;

  constructor(
    private readonly dataSource: DataSource,
    private readonly assignmentId: string,
    private readonly userId: string,
    private readonly transactions = new Transactions(dataSource),
  ) {}

  async addStudent(): Promise<string> {
    const id = newId();
    await this.transactions.run(async (manager) =>
      manager.insert(User, {
        id,
        email: `${id}@example.org`,
        name: 'Bob',
        passwordHash: null,
        role: 'student',
        disabled: false,
        tokenVersion: 1,
        createdAt: await databaseNow(manager),
        version: 1,
      }),
    );
    return id;
  }

  /** Submissions that were graded with 2 of 4 points, unless told otherwise; oldest first. */
  async addEnded(count: number, fieldsOf: (index: number) => SubmissionFields = () => ({})): Promise<Submission[]> {
    const now = await databaseNow(this.dataSource.manager);
    const made = Array.from({ length: count }, (_, index) => this.endedSubmission(now, fieldsOf(index)));
    await this.insert(
      made.map(({ submission }) => submission),
      made.map(({ run }) => run),
    );
    return made.map(({ submission }) => submission);
  }

  /** A batch that has not begun, of all or of those that the fields of it name. */
  async addBatch(fields: Partial<Rejudge> = {}): Promise<Rejudge> {
    const now = await databaseNow(this.dataSource.manager);
    const rejudge: Rejudge = {
      id: newId(),
      assignmentId: this.assignmentId,
      submissionId: null,
      mode: 'apply',
      stage: 'making',
      filter: null,
      cursorId: null,
      movedAt: now,
      decidedById: null,
      decidedAt: null,
      gradingVersion: 1,
      total: 0,
      skipped: 0,
      createdById: this.userId,
      createdAt: now,
      ...fields,
    };
    await this.transactions.run((manager) => manager.getRepository(Rejudge).save(rejudge));
    return rejudge;
  }

  /** A dry run whose runs have all been graded: what can be applied. `number` is that of its runs in their submissions. */
  async addReady(submissions: readonly Submission[], result: TrialResult, number = 2): Promise<Rejudge> {
    const rejudge = await this.addBatch({ mode: 'dry_run', stage: 'made', total: submissions.length });
    const { createdAt, id: rejudgeId, gradingVersion } = rejudge;
    const runs = submissions.map(({ id: submissionId, currentRunId: comparedRunId }): GradingRun => {
      const run = queuedRun({ id: newId(), submissionId, number, gradingVersion, createdAt });
      return Object.assign(run, result, {
        cause: 'rejudge' as const,
        rejudgeId,
        comparedRunId,
        trial: 'pending' as const,
        status: 'graded' as const,
        maxScore: 4,
        startedAt: createdAt,
        finishedAt: createdAt,
      });
    });
    await this.insert([], runs);
    return rejudge;
  }

  private endedSubmission(now: Date, fields: SubmissionFields): { submission: Submission; run: GradingRun } {
    const [id, runId] = [newId(), newId()];
    this.attempts += 1;
    const submission: Submission = {
      id,
      assignmentId: this.assignmentId,
      studentId: this.userId,
      attempt: 1_000 + this.attempts,
      counts: true,
      isModel: false,
      runtime: 'python',
      status: 'graded',
      verdict: 'wrong_answer',
      score: 2,
      maxScore: 4,
      late: false,
      gradingVersion: 1,
      filesKey: `submissions/${id}.tar`,
      fileCount: 1,
      byteCount: 10,
      submittedAt: now,
      startedAt: now,
      gradedAt: now,
      currentRunId: runId,
      overrideScore: null,
      supersededById: null,
      version: 1,
      ...fields,
    };
    const { status, verdict, score, maxScore, gradingVersion } = submission;
    const queued = queuedRun({ id: runId, submissionId: id, number: 1, gradingVersion, createdAt: now });
    const run = Object.assign(queued, { status, verdict, score, maxScore, startedAt: now, finishedAt: now });
    return { submission, run };
  }

  private async insert(submissions: readonly Submission[], runs: readonly GradingRun[]): Promise<void> {
    await this.transactions.run(async (manager) => {
      for (let start = 0; start < submissions.length; start += BATCH) {
        await manager.insert(Submission, submissions.slice(start, start + BATCH));
      }
      for (let start = 0; start < runs.length; start += BATCH) {
        await manager.insert(GradingRun, runs.slice(start, start + BATCH));
      }
    });
  }
}
