import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import type { EntityManager, Repository } from 'typeorm';
import { Assignment } from '../assignments/assignment.entity.js';
import { AuditLog } from '../audit/audit-log.js';
import type { Principal } from '../auth/principal.js';
import { databaseNow } from '../database/database-clock.js';
import { insertRows, updateRows } from '../database/entity-rows.js';
import { newId } from '../database/new-id.js';
import { rowLock } from '../database/row-lock.js';
import { Transactions } from '../database/transactions.js';
import { DomainError } from '../errors/domain-error.js';
import { isTerminal } from '../grading/run-state.js';
import { withAnswer } from '../http/answer.js';
import { Idempotency } from '../http/idempotency.js';
import type { ListQueryDto } from '../http/list-query.dto.js';
import { findPage, mapPage } from '../http/page.js';
import type { RejudgeAssignmentDto, RejudgeSubmissionDto } from './dto/ask-rejudge.dto.js';
import { RejudgeHeadDto } from './dto/rejudge-head.dto.js';
import type { RejudgePageDto } from './dto/rejudge-page.dto.js';
import { RejudgeDto } from './dto/rejudge.dto.js';
import { RejudgeAccess } from './rejudge-access.js';
import { countProgress, countRuns, countsOfNew, type RejudgeProgress } from './rejudge-counts.js';
import { RejudgeDriver } from './rejudge-driver.js';
import type { RejudgeFilter } from './rejudge-filter.js';
import type { RejudgeMode, RejudgeStage } from './rejudge-stage.js';
import { RejudgeSteps, type Step } from './rejudge-steps.js';
import { Rejudge } from './rejudge.entity.js';
import { SubmissionAccess } from './submission-access.js';
import { Submission } from './submission.entity.js';

const NO_PROGRESS: RejudgeProgress = { queued: 0, running: 0, graded: 0, failed: 0, cancelled: 0 };

/** What is asked for. */
interface Asked {
  readonly assignmentId: string;
  readonly submissionId: string | null;
  readonly courseId: string;
  readonly mode: RejudgeMode;
  readonly filter: RejudgeFilter | null;
}

/**
 * Has submissions graded again with the assignment's current grading document. What they had stays until that is done; with a
 * dry run, until somebody has the new results applied.
 */
@Injectable()
export class RejudgeService {
  constructor(
    @InjectRepository(Rejudge) private readonly rejudges: Repository<Rejudge>,
    private readonly access: RejudgeAccess,
    private readonly submissions: SubmissionAccess,
    private readonly transactions: Transactions,
    private readonly steps: RejudgeSteps,
    private readonly driver: RejudgeDriver,
    private readonly audit: AuditLog,
    private readonly idempotency: Idempotency,
  ) {}

  /** Grades one submission again, in whatever state it ended. */
  async rejudgeSubmission(user: Principal, submissionId: string, dto: RejudgeSubmissionDto): Promise<RejudgeDto> {
    const { assignment } = await this.submissions.getForStaff(user, submissionId);
    const { id: assignmentId, courseId } = assignment;
    const asked: Asked = { assignmentId, submissionId, courseId, mode: modeOf(dto), filter: null };
    return this.create(user, asked, async (manager, rejudge) => {
      const submission = await manager.findOneOrFail(Submission, { where: { id: submissionId }, ...rowLock(manager) });
      if (!isTerminal(submission.status)) {
        throw new DomainError(
          'conflict',
          'grading_in_progress',
          'It is waiting or being graded: wait until that has ended.',
        );
      }
      const runIds = await this.steps.makeRuns(manager, rejudge, [submission]);
      Object.assign(rejudge, { stage: 'made' satisfies RejudgeStage, total: 1 });
      await updateRows(manager, Rejudge, { id: rejudge.id }, { stage: rejudge.stage, total: rejudge.total });
      return { hasMore: false, runIds };
    });
  }

  /** Grades all submissions to an assignment again that the filter takes; without one, all that were graded or had failed. */
  async rejudgeAssignment(user: Principal, assignmentId: string, dto: RejudgeAssignmentDto): Promise<RejudgeDto> {
    const { courseId } = await this.access.getStaffAssignment(user, assignmentId);
    const asked: Asked = { assignmentId, submissionId: null, courseId, mode: modeOf(dto), filter: filterOf(dto) };
    return this.create(user, asked, (manager, rejudge) => this.steps.stepWithin(manager, rejudge));
  }

  async get(user: Principal, rejudgeId: string): Promise<RejudgeDto> {
    const { rejudge } = await this.access.getVisible(user, rejudgeId);
    return RejudgeDto.from(rejudge, await countRuns(this.rejudges.manager, rejudgeId));
  }

  /** The rejudges of an assignment, newest first. */
  async list(user: Principal, assignmentId: string, query: ListQueryDto): Promise<RejudgePageDto> {
    await this.access.getStaffAssignment(user, assignmentId);
    const select = this.rejudges
      .createQueryBuilder('rejudge')
      .where('rejudge.assignmentId = :assignmentId', { assignmentId });
    const page = await findPage(select, 'rejudge', query);
    const progress = await countProgress(
      this.rejudges.manager,
      page.items.map(({ id }) => id),
    );
    return mapPage(page, (rejudge) => RejudgeHeadDto.headOf(rejudge, progress.get(rejudge.id) ?? NO_PROGRESS));
  }

  /** The batch with its first submissions, in one transaction; where there are more, the others follow in the background. */
  private async create(
    user: Principal,
    { courseId, ...asked }: Asked,
    firstStep: (manager: EntityManager, rejudge: Rejudge) => Promise<Step>,
  ): Promise<RejudgeDto> {
    const { body, step } = await this.transactions.run(async (manager) => {
      const { gradingVersion } = await manager.findOneOrFail(Assignment, {
        select: { id: true, gradingVersion: true },
        where: { id: asked.assignmentId },
      });
      const now = await databaseNow(manager);
      const rejudge: Rejudge = {
        ...asked,
        id: newId(),
        gradingVersion,
        stage: 'making',
        cursorId: null,
        movedAt: now,
        decidedById: null,
        decidedAt: null,
        total: 0,
        skipped: 0,
        createdById: user.userId,
        createdAt: now,
      };
      await insertRows(manager, Rejudge, [rejudge]);
      const first = await firstStep(manager, rejudge);
      const { assignmentId, submissionId, mode } = asked;
      await this.audit.record(manager, {
        actorId: user.userId,
        action: 'rejudge.created',
        targetType: 'rejudge',
        targetId: rejudge.id,
        courseId,
        detail: { assignmentId, submissionId, mode, gradingVersion, isFiltered: asked.filter !== null },
      });
      const dto = RejudgeDto.from(rejudge, countsOfNew(rejudge.total, mode === 'dry_run'));
      const location = `/api/v1/rejudges/${rejudge.id}`;
      await this.idempotency.complete(manager, { status: 202, body: dto, location });
      return { body: withAnswer(dto, { location }), step: first };
    });
    this.driver.ring(step);
    if (step.hasMore) this.driver.driveInBackground(body.id);
    return body;
  }
}

function modeOf({ dryRun }: RejudgeSubmissionDto): RejudgeMode {
  return dryRun === true ? 'dry_run' : 'apply';
}

/** @throws DomainError `invalid` for dates between which there is nothing */
function filterOf({ submittedAfter, submittedBefore, ...dto }: RejudgeAssignmentDto): RejudgeFilter | null {
  if (submittedAfter !== undefined && submittedBefore !== undefined && submittedAfter > submittedBefore) {
    throw DomainError.invalid([{ path: '/submittedBefore', message: 'must not be earlier than submittedAfter' }]);
  }
  const { verdicts, statuses, studentIds, gradingVersions, outdatedOnly, countedOnly } = dto;
  const filter: RejudgeFilter = {
    ...(verdicts === undefined ? {} : { verdicts }),
    ...(statuses === undefined ? {} : { statuses }),
    ...(studentIds === undefined ? {} : { studentIds: studentIds.map((id) => id.toLowerCase()) }),
    ...(gradingVersions === undefined ? {} : { gradingVersions }),
    ...(outdatedOnly === true ? { outdatedOnly } : {}),
    ...(submittedAfter === undefined ? {} : { submittedAfter: submittedAfter.toISOString() }),
    ...(submittedBefore === undefined ? {} : { submittedBefore: submittedBefore.toISOString() }),
    ...(countedOnly === true ? { countedOnly } : {}),
  };
  return Object.keys(filter).length === 0 ? null : filter;
}
