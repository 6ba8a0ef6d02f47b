import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { In, IsNull, type Repository } from 'typeorm';
import { AssignmentAccess } from '../assignments/assignment-access.js';
import type { Principal } from '../auth/principal.js';
import { databaseNow } from '../database/database-clock.js';
import { changesWhenDue, type VisibilityContext } from '../grading/feedback.js';
import { type PresentedTestResult, presentTestResults } from '../grading/visibility.js';
import type { ListQueryDto } from '../http/list-query.dto.js';
import { findPage, mapPage } from '../http/page.js';
import { GradingRunDto } from './dto/grading-run.dto.js';
import type { GradingRunPageDto } from './dto/grading-run-page.dto.js';
import type { ListSubmissionsDto } from './dto/list-submissions.dto.js';
import { SubmissionDto } from './dto/submission.dto.js';
import type { SubmissionPageDto } from './dto/submission-page.dto.js';
import { SubmissionSummaryDto } from './dto/submission-summary.dto.js';
import { GradingRun } from './grading-run.entity.js';
import { ScoreOverride } from './score-override.entity.js';
import { SubmissionAccess, type VisibleSubmission } from './submission-access.js';
import { Submission } from './submission.entity.js';
import { TestResult } from './test-result.entity.js';
import { WaitEstimates } from './wait-estimates.js';
import { OFFICIAL_RUN, SHOWN_TO_STAFF } from './trial.js';

/** Shows submissions and what grading gave, to each caller as much as they may see. */
@Injectable()
export class SubmissionsService {
  constructor(
    @InjectRepository(Submission) private readonly submissions: Repository<Submission>,
    @InjectRepository(GradingRun) private readonly runs: Repository<GradingRun>,
    @InjectRepository(TestResult) private readonly results: Repository<TestResult>,
    @InjectRepository(ScoreOverride) private readonly overrides: Repository<ScoreOverride>,
    private readonly assignmentAccess: AssignmentAccess,
    private readonly access: SubmissionAccess,
    private readonly waits: WaitEstimates,
  ) {}

  async get(user: Principal, submissionId: string): Promise<SubmissionDto> {
    return this.present(await this.access.getVisible(user, submissionId));
  }

  private async present(visible: VisibleSubmission): Promise<SubmissionDto> {
    const { submission } = visible;
    const { id: submissionId, currentRunId: runId } = submission;
    // Of a run that Assay could not finish there may be results of the tests before.
    const isOver = submission.status === 'graded' || submission.status === 'failed';
    const [run, results, override, queue] = await Promise.all([
      isOver ? this.runs.findOne({ select: { id: true, buildOutput: true }, where: { id: runId } }) : null,
      isOver ? this.results.find({ where: { runId }, order: { position: 'ASC' } }) : [],
      submission.overrideScore === null
        ? null
        : this.overrides.findOne({ where: { submissionId, withdrawnAt: IsNull() }, order: { id: 'DESC' } }),
      submission.status === 'queued' ? this.waits.find(runId) : null,
    ]);
    const tests = await this.presentResults(results, visible);
    return SubmissionDto.from(submission, { tests, buildOutput: run?.buildOutput ?? null, override, queue });
  }

  /** Submissions to an assignment, newest first: all for staff, their own for students. */
  async list(user: Principal, assignmentId: string, query: ListSubmissionsDto): Promise<SubmissionPageDto> {
    const { standing } = await this.assignmentAccess.getVisible(user, assignmentId);
    const select = this.submissions
      .createQueryBuilder('submission')
      .where('submission.assignmentId = :assignmentId', { assignmentId })
      .andWhere({ isModel: false });
    if (!standing.isStaff) select.andWhere('submission.studentId = :userId', { userId: user.userId });
    if (query.studentId !== undefined) {
      select.andWhere('submission.studentId = :studentId', { studentId: query.studentId.toLowerCase() });
    }
    if (query.status !== undefined) select.andWhere('submission.status = :status', { status: query.status });
    if (query.verdict !== undefined) {
      // A verdict is only shown once the run is over; until then the row may hold that of the run before.
      select.andWhere({ verdict: query.verdict, status: In(['graded', 'failed']) });
    }
    return mapPage(await findPage(select, 'submission', query), (submission) => SubmissionSummaryDto.from(submission));
  }

  /** The grading runs of a submission, newest first. */
  async listRuns(user: Principal, submissionId: string, query: ListQueryDto): Promise<GradingRunPageDto> {
    const { viewer } = await this.access.getVisible(user, submissionId);
    const select = this.runs.createQueryBuilder('run').where('run.submissionId = :submissionId', { submissionId });
    // Staff see what a dry run gave until it is discarded; nobody else learns that there was one.
    select.andWhere(viewer === 'staff' ? SHOWN_TO_STAFF : OFFICIAL_RUN);
    return mapPage(await findPage(select, 'run', query), (run) => GradingRunDto.from(run, viewer));
  }

  private async presentResults(
    results: readonly TestResult[],
    { viewer, assignment }: VisibleSubmission,
  ): Promise<PresentedTestResult[]> {
    const { dueAt } = assignment;
    // Only a test that opens at a moment needs the clock that deadlines are measured by.
    const needsClock = dueAt !== null && results.some(changesWhenDue);
    const now = needsClock ? await databaseNow(this.results.manager) : new Date();
    const context: VisibilityContext = { now, dueAt };
    return presentTestResults(results, viewer, context);
  }
}
