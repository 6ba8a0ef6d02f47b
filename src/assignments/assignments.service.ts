import { isDeepStrictEqual } from 'node:util';
import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { Like } from 'typeorm';
import type { Principal } from '../auth/principal.js';
import { CourseAccess } from '../courses/course-access.js';
import { Course } from '../courses/course.entity.js';
import { databaseNow } from '../database/database-clock.js';
import { isUniqueViolation } from '../database/database-errors.js';
import { newId } from '../database/new-id.js';
import { rowLock } from '../database/row-lock.js';
import { Transactions } from '../database/transactions.js';
import { DomainError } from '../errors/domain-error.js';
import type { LatePolicy } from '../grading/late-policy.js';
import { withAnswer } from '../http/answer.js';
import { type ExpectedVersions, requireVersion, updateVersioned } from '../http/entity-tag.js';
import { Idempotency } from '../http/idempotency.js';
import { presentFields, sentOr } from '../http/present-fields.js';
import { AssignmentAccess } from './assignment-access.js';
import { dateOrderFaults } from './assignment-dates.js';
import { AssignmentLists } from './assignment-lists.js';
import { Assignment } from './assignment.entity.js';
import type { AssignmentPageDto } from './dto/assignment-page.dto.js';
import { AssignmentDto } from './dto/assignment.dto.js';
import type { CreateAssignmentDto } from './dto/create-assignment.dto.js';
import type { ListAssignmentsDto } from './dto/list-assignments.dto.js';
import type { UpdateAssignmentDto } from './dto/update-assignment.dto.js';
import { type CheckedGrading, GradingCheck } from './grading-check.js';
import { GradingPresenter } from './grading-presenter.js';
import { GradingVersion } from './grading-version.entity.js';
import { GradingVersions } from './grading-versions.js';
import { type LatePolicyInput, parseLatePolicy, patchLatePolicy } from './late-policy-input.js';
import { freeSlug, slugOf } from './slug.js';

/** Makes, finds, changes and archives assignments. */
@Injectable()
export class AssignmentsService {
  constructor(
    private readonly lists: AssignmentLists,
    private readonly courseAccess: CourseAccess,
    private readonly access: AssignmentAccess,
    private readonly versions: GradingVersions,
    private readonly grading: GradingCheck,
    private readonly presenter: GradingPresenter,
    private readonly transactions: Transactions,
    private readonly idempotency: Idempotency,
  ) {}

  list(user: Principal, courseId: string, query: ListAssignmentsDto): Promise<AssignmentPageDto> {
    return this.lists.list(user, courseId, query);
  }

  async get(user: Principal, assignmentId: string): Promise<AssignmentDto> {
    const { assignment, standing } = await this.access.getVisible(user, assignmentId);
    const version = await this.versions.forAssignment(assignment);
    const [dto] = await this.presenter.present([{ assignment, version }], standing);
    if (dto === undefined) throw DomainError.notFound('assignment');
    return dto;
  }

  async create(user: Principal, courseId: string, dto: CreateAssignmentDto): Promise<AssignmentDto> {
    await this.courseAccess.getManagerStanding(user, courseId);
    const grading = this.grading.check(dto.grading);
    const values = {
      courseId,
      title: dto.title,
      instructions: dto.instructions ?? '',
      status: dto.status ?? 'draft',
      opensAt: dto.opensAt ?? null,
      dueAt: dto.dueAt ?? null,
      closesAt: dto.closesAt ?? null,
      maxAttempts: dto.maxAttempts ?? null,
      latePolicy: requirePolicy(parseLatePolicy(dto.latePolicy ?? { kind: 'none' })),
      countedAttempt: dto.countedAttempt ?? 'best',
      supersedes: dto.supersedes ?? false,
      maxPoints: grading.maxPoints,
      gradingVersion: 1,
      version: 1,
    } satisfies Partial<Assignment>;
    requireOrderOfDates(values);
    return this.withFreeSlug(() =>
      this.transactions.run(async (manager) => {
        const slug = dto.slug ?? (await this.slugFor(manager, courseId, dto.title));
        const assignment = { id: newId(), slug, createdAt: await databaseNow(manager), ...values } satisfies Assignment;
        // A copy: TypeORM reads columns with a default back into it, as the driver gives them.
        await manager.insert(Assignment, { ...assignment });
        await this.insertVersion(manager, user, assignment.id, 1, grading);
        const body = AssignmentDto.from(assignment, grading.source);
        const location = `/api/v1/assignments/${assignment.id}`;
        await this.idempotency.complete(manager, { status: 201, body, location });
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
  ): Promise<AssignmentDto> {
    return this.withFreeSlug(() =>
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
        // The document first: whoever reads the assignment's new number must find it.
        if (grading !== null) await this.insertVersion(manager, user, assignmentId, present.number + 1, grading);
        const updated = await updateVersioned(manager, Assignment, assignment, changes);
        return AssignmentDto.from(updated, grading?.source ?? present.source);
      }),
    );
  }

  /** Archives an assignment; harmless the second time. */
  async archive(user: Principal, assignmentId: string, expected: ExpectedVersions): Promise<void> {
    await this.transactions.run(async (manager) => {
      const assignment = await this.lockManaged(manager, user, assignmentId);
      requireVersion(expected, assignment.version);
      if (assignment.status !== 'archived') {
        await updateVersioned(manager, Assignment, assignment, { status: 'archived' });
      }
    });
  }

  /** The grading document that a patch makes of the present one; null where it stays the same. */
  private changeOf(present: GradingVersion, patch: Record<string, unknown>): CheckedGrading | null {
    const checked = this.grading.checkPatch(present.source, patch);
    return isDeepStrictEqual(checked.source, present.source) ? null : checked;
  }

  private async lockManaged(manager: EntityManager, user: Principal, assignmentId: string): Promise<Assignment> {
    const { standing } = await this.access.getVisible(user, assignmentId, manager);
    if (!standing.mayManage) {
      throw new DomainError('forbidden', 'instructors_only', 'Only instructors of this course may do this.');
    }
    return manager.findOneOrFail(Assignment, { where: { id: assignmentId }, ...rowLock(manager) });
  }

  /** Under a lock on the course, so that two assignments of one title do not choose the same. */
  private async slugFor(manager: EntityManager, courseId: string, title: string): Promise<string> {
    await manager.findOne(Course, { select: { id: true }, where: { id: courseId }, ...rowLock(manager) });
    const wanted = slugOf(title);
    const like = await manager.find(Assignment, {
      select: { slug: true },
      where: { courseId, slug: Like(`${wanted}%`) },
    });
    return freeSlug(wanted, new Set(like.map(({ slug }) => slug)));
  }

  private async withFreeSlug<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      if (!isUniqueViolation(error)) throw error;
      throw new DomainError(
        'conflict',
        'slug_taken',
        'Another assignment of this course has this slug: choose another.',
        {
          cause: error,
        },
      );
    }
  }

  private async insertVersion(
    manager: EntityManager,
    user: Principal,
    assignmentId: string,
    number: number,
    { source, document, maxPoints }: CheckedGrading,
  ): Promise<void> {
    await manager.insert(GradingVersion, {
      id: newId(),
      assignmentId,
      number,
      source,
      document,
      maxPoints,
      createdById: user.userId,
      createdAt: await databaseNow(manager),
    });
  }
}

function requirePolicy(input: LatePolicyInput): LatePolicy {
  if (!input.ok) throw DomainError.invalid(input.errors);
  return input.policy;
}

function requireOrderOfDates(dates: Parameters<typeof dateOrderFaults>[0]): void {
  const faults = dateOrderFaults(dates);
  if (faults.length > 0) throw DomainError.invalid(faults);
}
