import { Injectable } from '@nestjs/common';
import { type EntityManager, Like } from 'typeorm';
import type { Principal } from '../auth/principal.js';
import { Course } from '../courses/course.entity.js';
import { databaseNow } from '../database/database-clock.js';
import { isUniqueViolation } from '../database/database-errors.js';
import { newId } from '../database/new-id.js';
import { rowLock } from '../database/row-lock.js';
import { DomainError } from '../errors/domain-error.js';
import type { LatePolicy } from '../grading/late-policy.js';
import { dateOrderFaults } from './assignment-dates.js';
import { Assignment } from './assignment.entity.js';
import type { CreateAssignmentDto } from './dto/create-assignment.dto.js';
import { type CheckedGrading, GradingCheck } from './grading-check.js';
import { insertGradingVersion } from './grading-version-insert.js';
import { type LatePolicyInput, parseLatePolicy } from './late-policy-input.js';
import { freeSlug, slugOf } from './slug.js';

type Values = Omit<Assignment, 'id' | 'courseId' | 'course' | 'slug' | 'createdAt'>;

/** An assignment that was checked and is not made yet. */
export interface PreparedAssignment {
  readonly values: Values;
  /** Null: made from the title. */
  readonly slug: string | null;
  readonly grading: CheckedGrading;
}

/** Makes assignments, for whoever has something to add in the same transaction. */
@Injectable()
export class AssignmentCreation {
  constructor(private readonly grading: GradingCheck) {}

  /** @throws DomainError `invalid` */
  prepare(dto: CreateAssignmentDto): PreparedAssignment {
    const grading = this.grading.check(dto.grading);
    const values: Values = {
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
    };
    requireOrderOfDates(values);
    return { values, slug: dto.slug ?? null, grading };
  }

  /**
   * @param hasToHaveSlug false: another slug is taken where somebody else has the one that was asked for
   * @throws DomainError `slug_taken`, from within `withFreeSlug`
   */
  async insert(
    manager: EntityManager,
    user: Principal,
    courseId: string,
    { values, slug: wanted, grading }: PreparedAssignment,
    hasToHaveSlug = true,
  ): Promise<Assignment> {
    const slug =
      wanted !== null && hasToHaveSlug ? wanted : await freeSlugIn(manager, courseId, wanted ?? slugOf(values.title));
    const createdAt = await databaseNow(manager);
    const assignment = { id: newId(), courseId, slug, createdAt, ...values } satisfies Assignment;
    // A copy: TypeORM reads columns with a default back into it, as the driver gives them.
    await manager.insert(Assignment, { ...assignment });
    await insertGradingVersion(manager, user, assignment.id, 1, grading);
    return assignment;
  }
}

/** Under a lock on the course, so that two assignments of one title do not choose the same. */
async function freeSlugIn(manager: EntityManager, courseId: string, wanted: string): Promise<string> {
  await manager.findOne(Course, { select: { id: true }, where: { id: courseId }, ...rowLock(manager) });
  const like = await manager.find(Assignment, {
    select: { slug: true },
    where: { courseId, slug: Like(`${wanted}%`) },
  });
  return freeSlug(wanted, new Set(like.map(({ slug }) => slug)));
}

/** Runs a transaction that gives an assignment its slug. @throws DomainError `slug_taken` */
export async function withFreeSlug<T>(work: () => Promise<T>): Promise<T> {
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

/** @throws DomainError `invalid` */
export function requirePolicy(input: LatePolicyInput): LatePolicy {
  if (!input.ok) throw DomainError.invalid(input.errors);
  return input.policy;
}

/** @throws DomainError `invalid` */
export function requireOrderOfDates(dates: Parameters<typeof dateOrderFaults>[0]): void {
  const faults = dateOrderFaults(dates);
  if (faults.length > 0) throw DomainError.invalid(faults);
}
