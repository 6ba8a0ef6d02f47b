import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { type EntityManager, IsNull, type Repository } from 'typeorm';
import { AssignmentAccess } from '../assignments/assignment-access.js';
import { AuditLog } from '../audit/audit-log.js';
import type { Principal } from '../auth/principal.js';
import { databaseNow } from '../database/database-clock.js';
import { newId } from '../database/new-id.js';
import { rowLock } from '../database/row-lock.js';
import { Transactions } from '../database/transactions.js';
import { DomainError } from '../errors/domain-error.js';
import { type ExpectedVersions, requireVersion, updateVersioned, withVersion } from '../http/entity-tag.js';
import type { ListQueryDto } from '../http/list-query.dto.js';
import { findPage, mapPage } from '../http/page.js';
import { ScoreOverride } from '../submissions/score-override.entity.js';
import { Submission } from '../submissions/submission.entity.js';
import type { OverridePageDto } from './dto/override-page.dto.js';
import { OverrideDto } from './dto/override.dto.js';
import type { SetOverrideDto } from './dto/set-override.dto.js';

/** Scores that staff set beside the computed ones. All that were ever set stay on record. */
@Injectable()
export class OverridesService {
  constructor(
    @InjectRepository(ScoreOverride) private readonly overrides: Repository<ScoreOverride>,
    private readonly access: AssignmentAccess,
    private readonly transactions: Transactions,
    private readonly audit: AuditLog,
  ) {}

  async list(user: Principal, submissionId: string, query: ListQueryDto): Promise<OverridePageDto> {
    await this.requireStaff(this.overrides.manager, user, submissionId);
    const select = this.overrides
      .createQueryBuilder('override')
      .where('override.submissionId = :submissionId', { submissionId });
    return mapPage(await findPage(select, 'override', query), (override) => OverrideDto.from(override));
  }

  /** Sets the score that counts; what was set before stays on record and counts no more. */
  async set(
    user: Principal,
    submissionId: string,
    { score, reason }: SetOverrideDto,
    expected: ExpectedVersions,
  ): Promise<OverrideDto> {
    return this.transactions.run(async (manager) => {
      const { submission, courseId } = await this.lockForStaff(manager, user, submissionId);
      requireVersion(expected, submission.version);
      const override: ScoreOverride = {
        id: newId(),
        submissionId,
        score,
        reason,
        staffId: user.userId,
        createdAt: await databaseNow(manager),
        withdrawnAt: null,
        withdrawnById: null,
      };
      await manager.insert(ScoreOverride, override);
      const before = submission.overrideScore;
      const { version } = await updateVersioned(manager, Submission, submission, { overrideScore: score });
      const detail = { score, before };
      await this.note(manager, user, { id: submissionId, courseId }, 'score.overridden', detail);
      return withVersion(OverrideDto.from(override), version);
    });
  }

  /** Lets the computed score count again. @throws DomainError `not_found` where none was set */
  async withdraw(user: Principal, submissionId: string, expected: ExpectedVersions): Promise<void> {
    await this.transactions.run(async (manager) => {
      const { submission, courseId } = await this.lockForStaff(manager, user, submissionId);
      requireVersion(expected, submission.version);
      const before = submission.overrideScore;
      if (before === null) throw DomainError.notFound('override');
      // All of them: otherwise the one before would count again.
      await manager.update(
        ScoreOverride,
        { submissionId, withdrawnAt: IsNull() },
        { withdrawnAt: await databaseNow(manager), withdrawnById: user.userId },
      );
      await updateVersioned(manager, Submission, submission, { overrideScore: null });
      await this.note(manager, user, { id: submissionId, courseId }, 'score.override_withdrawn', { before });
    });
  }

  private note(
    manager: EntityManager,
    { userId }: Principal,
    { id, courseId }: { readonly id: string; readonly courseId: string },
    action: string,
    detail: Readonly<Record<string, unknown>>,
  ): Promise<void> {
    return this.audit.record(manager, {
      actorId: userId,
      action,
      targetType: 'submission',
      targetId: id,
      courseId,
      detail,
    });
  }

  private async lockForStaff(
    manager: EntityManager,
    user: Principal,
    submissionId: string,
  ): Promise<{ readonly submission: Submission; readonly courseId: string }> {
    const courseId = await this.requireStaff(manager, user, submissionId);
    const submission = await manager.findOneOrFail(Submission, { where: { id: submissionId }, ...rowLock(manager) });
    return { submission, courseId };
  }

  /**
   * The course that it belongs to. 403 for the student whose submission it is, since they may see it; 404 for everyone else but
   * staff.
   */
  private async requireStaff(manager: EntityManager, user: Principal, submissionId: string): Promise<string> {
    const submission = await manager.findOne(Submission, {
      select: { id: true, assignmentId: true, studentId: true },
      where: { id: submissionId },
    });
    const visible = submission === null ? null : await this.access.findVisible(user, submission.assignmentId, manager);
    if (submission === null || visible === null) throw DomainError.notFound('submission');
    if (visible.standing.isStaff) return visible.assignment.courseId;
    if (submission.studentId !== user.userId) throw DomainError.notFound('submission');
    throw new DomainError('forbidden', 'staff_only', 'Only the staff of this course may do this.');
  }
}
