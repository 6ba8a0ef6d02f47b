import { isDeepStrictEqual } from 'node:util';
import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { AuditLog } from '../audit/audit-log.js';
import type { Principal } from '../auth/principal.js';
import { CourseAccess } from '../courses/course-access.js';
import { rowLock } from '../database/row-lock.js';
import { Transactions } from '../database/transactions.js';
import { DomainError } from '../errors/domain-error.js';
import { withAnswer } from '../http/answer.js';
import { type ExpectedVersions, requireVersion, updateVersioned } from '../http/entity-tag.js';
import { Idempotency } from '../http/idempotency.js';
import { presentFields, sentOr } from '../http/present-fields.js';
import { AssignmentAccess } from './assignment-access.js';
import { AssignmentCreation, requireOrderOfDates, requirePolicy, withFreeSlug } from './assignment-creation.js';
import { Assignment } from './assignment.entity.js';
import { AssignmentDto } from './dto/assignment.dto.js';
import type { CreateAssignmentDto } from './dto/create-assignment.dto.js';
import type { UpdateAssignmentDto } from './dto/update-assignment.dto.js';
import { type CheckedGrading, GradingCheck } from './grading-check.js';
import { GradingPresenter } from './grading-presenter.js';
import { insertGradingVersion } from './grading-version-insert.js';
import type { GradingVersion } from './grading-version.entity.js';
import { GradingVersions } from './grading-versions.js';
import { patchLatePolicy } from './late-policy-input.js';
import { PublicationChecks } from './publication-checks.js';

/** Makes, finds, changes and archives assignments. */
@Injectable()
export class AssignmentsService {
  constructor(
    private readonly courseAccess: CourseAccess,
    private readonly access: AssignmentAccess,
    private readonly versions: GradingVersions,
    private readonly grading: GradingCheck,
    private readonly presenter: GradingPresenter,
    private readonly creation: AssignmentCreation,
    private readonly publicationChecks: PublicationChecks,
    private readonly transactions: Transactions,
    private readonly idempotency: Idempotency,
    private readonly audit: AuditLog,
  ) {}

  async get(user: Principal, assignmentId: string): Promise<AssignmentDto> {
    const { assignment, standing } = await this.access.getVisible(user, assignmentId);
    const version = await this.versions.forAssignment(assignment);
    const [dto] = await this.presenter.present([{ assignment, version }], standing);
    if (dto === undefined) throw DomainError.notFound('assignment');
    return dto;
  }

  async create(user: Principal, courseId: string, dto: CreateAssignmentDto): Promise<AssignmentDto> {
    await this.courseAccess.getManagerStanding(user, courseId);
    const prepared = this.creation.prepare(dto);
    return withFreeSlug(() =>
      this.transactions.run(async (manager) => {
        const assignment = await this.creation.insert(manager, user, courseId, prepared);
        const body = AssignmentDto.from(assignment, prepared.grading.source);
        const location = `/api/v1/assignments/${assignment.id}`;
        await this.idempotency.complete(manager, { status: 201, body, location });
        await this.note(manager, user, assignment, 'assignment.created', { status: assignment.status });
        return withAnswer(body, { location });
      }),
    );
  }

  /** Applies a merge patch; of edits at the same time, each sees what the one before it wrote. */
  async update(
    user: Principal,
    assignmentId: string,
    dto: UpdateAssignmentDto,
    expected: ExpectedVersions,
    isUnprovenAllowed: boolean,
  ): Promise<AssignmentDto> {
    return withFreeSlug(() =>
      this.transactions.run(async (manager) => {
        const assignment = await this.lockManaged(manager, user, assignmentId);
        requireVersion(expected, assignment.version);
        const { grading: gradingPatch, latePolicy: policyPatch, ...fields } = dto;
        const present = await this.versions.forAssignment(assignment, manager);
        const grading = gradingPatch === undefined ? null : this.changeOf(present, gradingPatch);
        const changes = {
          ...presentFields(fields),
          ...(policyPatch === undefined
            ? {}
            : { latePolicy: requirePolicy(patchLatePolicy(assignment.latePolicy, policyPatch)) }),
          ...(grading === null ? {} : { maxPoints: grading.maxPoints, gradingVersion: present.number + 1 }),
        };
        requireOrderOfDates({
          opensAt: sentOr(dto.opensAt, assignment.opensAt),
          dueAt: sentOr(dto.dueAt, assignment.dueAt),
          closesAt: sentOr(dto.closesAt, assignment.closesAt),
        });
        if (Object.keys(changes).length === 0) return AssignmentDto.from(assignment, present.source);
        if (dto.status === 'published' && assignment.status !== 'published' && !isUnprovenAllowed) {
          const gradingVersion = grading === null ? present.number : present.number + 1;
          await this.publicationChecks.require(manager, { id: assignmentId, gradingVersion });
        }
        // The document first: whoever reads the assignment's new number must find it.
        if (grading !== null) await insertGradingVersion(manager, user, assignmentId, present.number + 1, grading);
        const updated = await updateVersioned(manager, Assignment, assignment, changes);
        await this.note(manager, user, assignment, 'assignment.changed', {
          fields: Object.keys(changes),
          status: updated.status,
          gradingVersion: updated.gradingVersion,
          ...(isUnprovenAllowed ? { unproven: true } : {}),
        });
        return AssignmentDto.from(updated, grading?.source ?? present.source);
      }),
    );
  }

  /** Archives an assignment; harmless the second time. */
  async archive(user: Principal, assignmentId: string, expected: ExpectedVersions): Promise<void> {
    await this.transactions.run(async (manager) => {
      const assignment = await this.lockManaged(manager, user, assignmentId);
      requireVersion(expected, assignment.version);
      if (assignment.status === 'archived') return;
      await updateVersioned(manager, Assignment, assignment, { status: 'archived' });
      await this.note(manager, user, assignment, 'assignment.archived', null);
    });
  }

  /** The grading document that a patch makes of the present one; null where it stays the same. */
  private changeOf(present: GradingVersion, patch: Record<string, unknown>): CheckedGrading | null {
    const checked = this.grading.checkPatch(present.source, patch);
    return isDeepStrictEqual(checked.source, present.source) ? null : checked;
  }

  private note(
    manager: EntityManager,
    { userId }: Principal,
    { id, courseId }: Pick<Assignment, 'id' | 'courseId'>,
    action: string,
    detail: Readonly<Record<string, unknown>> | null,
  ): Promise<void> {
    return this.audit.record(manager, {
      actorId: userId,
      action,
      targetType: 'assignment',
      targetId: id,
      courseId,
      detail,
    });
  }

  private async lockManaged(manager: EntityManager, user: Principal, assignmentId: string): Promise<Assignment> {
    const { standing } = await this.access.getVisible(user, assignmentId, manager);
    if (!standing.mayManage) {
      throw new DomainError('forbidden', 'instructors_only', 'Only instructors of this course may do this.');
    }
    return manager.findOneOrFail(Assignment, { where: { id: assignmentId }, ...rowLock(manager) });
  }
}
