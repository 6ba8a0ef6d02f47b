import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import type { EntityManager, Repository } from 'typeorm';
import { AuditLog } from '../audit/audit-log.js';
import type { Principal } from '../auth/principal.js';
import { databaseNow } from '../database/database-clock.js';
import { newId } from '../database/new-id.js';
import { rowLock } from '../database/row-lock.js';
import { Transactions } from '../database/transactions.js';
import { DomainError } from '../errors/domain-error.js';
import { withAnswer } from '../http/answer.js';
import { type ExpectedVersions, requireVersion, updateVersioned } from '../http/entity-tag.js';
import { Idempotency } from '../http/idempotency.js';
import { findPage, mapPage } from '../http/page.js';
import { presentFields, sentOr } from '../http/present-fields.js';
import { CourseAccess } from './course-access.js';
import { Course } from './course.entity.js';
import { CourseDto } from './dto/course.dto.js';
import type { CoursePageDto } from './dto/course-page.dto.js';
import type { CreateCourseDto } from './dto/create-course.dto.js';
import type { ListCoursesDto } from './dto/list-courses.dto.js';
import type { UpdateCourseDto } from './dto/update-course.dto.js';
import { makeEnrolmentCode } from './enrolment-code.js';
import { Enrolment } from './enrolment.entity.js';
import { type Standing, standingOf } from './standing.js';

type CourseOfUser = Course & { myEnrolment?: Enrolment | null };

/** Makes, finds, changes and archives courses. */
@Injectable()
export class CoursesService {
  constructor(
    @InjectRepository(Course) private readonly courses: Repository<Course>,
    private readonly access: CourseAccess,
    private readonly transactions: Transactions,
    private readonly idempotency: Idempotency,
    private readonly audit: AuditLog,
  ) {}

  /** The courses that the user may see, in one statement. */
  async list(user: Principal, query: ListCoursesDto): Promise<CoursePageDto> {
    const select = this.courses
      .createQueryBuilder('course')
      .leftJoinAndMapOne(
        'course.myEnrolment',
        Enrolment,
        'enrolment',
        'enrolment.courseId = course.id AND enrolment.userId = :userId',
        { userId: user.userId },
      );
    if (user.role !== 'admin') {
      // The same rule as `standingOf`, in SQL.
      select.andWhere(
        `(course.status = 'published' OR enrolment.role IN ('instructor', 'assistant')` +
          ` OR (course.status = 'archived' AND enrolment.id IS NOT NULL))`,
      );
    }
    if (query.mine === 'true') select.andWhere('enrolment.id IS NOT NULL');
    if (query.status !== undefined) select.andWhere('course.status = :status', { status: query.status });
    const page = await findPage<CourseOfUser>(select, 'course', query);
    return mapPage(page, (course) => CourseDto.from(visibleStanding(user, course, course.myEnrolment ?? null)));
  }

  async get(user: Principal, courseId: string): Promise<CourseDto> {
    return CourseDto.from(await this.access.getStanding(user, courseId));
  }

  /** Makes a course with the user, an instructor or administrator of the platform, as its first instructor. */
  async create(user: Principal, dto: CreateCourseDto): Promise<CourseDto> {
    requireMaySetWeight(user, dto.gradingWeight);
    return this.transactions.run(async (manager) => {
      const createdAt = await databaseNow(manager);
      const course: Course = {
        id: newId(),
        code: dto.code,
        title: dto.title,
        description: dto.description ?? '',
        term: dto.term ?? null,
        status: dto.status ?? 'draft',
        enrolment: dto.enrolment ?? 'invite',
        enrolmentCode: dto.enrolmentCode ?? null,
        startsAt: dto.startsAt ?? null,
        endsAt: dto.endsAt ?? null,
        gradingWeight: dto.gradingWeight ?? 1,
        createdAt,
        version: 1,
      };
      requireOrderOfDates(course);
      if (course.enrolment === 'code') course.enrolmentCode ??= makeEnrolmentCode();
      const enrolment: Enrolment = {
        id: newId(),
        courseId: course.id,
        userId: user.userId,
        role: 'instructor',
        createdAt,
        version: 1,
      };
      await manager.insert(Course, course);
      await manager.insert(Enrolment, enrolment);
      const body = CourseDto.from(visibleStanding(user, course, enrolment));
      const location = `/api/v1/courses/${course.id}`;
      await this.idempotency.complete(manager, { status: 201, body, location });
      await this.note(manager, user, course.id, 'course.created', { code: course.code, status: course.status });
      return withAnswer(body, { location });
    });
  }

  async update(
    user: Principal,
    courseId: string,
    dto: UpdateCourseDto,
    expected: ExpectedVersions,
  ): Promise<CourseDto> {
    return this.transactions.run(async (manager) => {
      const standing = await this.access.getManagerStanding(user, courseId, manager);
      const course = await manager.findOneOrFail(Course, { where: { id: courseId }, ...rowLock(manager) });
      requireVersion(expected, course.version);
      requireMaySetWeight(user, dto.gradingWeight);
      const changes = presentFields(dto);
      if (Object.keys(changes).length === 0) return CourseDto.from({ ...standing, course });
      requireOrderOfDates({
        startsAt: sentOr(dto.startsAt, course.startsAt),
        endsAt: sentOr(dto.endsAt, course.endsAt),
      });
      const takesCode = sentOr(dto.enrolment, course.enrolment) === 'code';
      if (takesCode && sentOr(dto.enrolmentCode, course.enrolmentCode) === null) {
        changes.enrolmentCode = makeEnrolmentCode();
      }
      const updated = await updateVersioned(manager, Course, course, changes);
      const { status, gradingWeight } = changes;
      const detail = {
        fields: Object.keys(changes),
        ...(status === undefined ? {} : { status }),
        ...(gradingWeight === undefined ? {} : { gradingWeight }),
      };
      await this.note(manager, user, courseId, 'course.changed', detail);
      return CourseDto.from({ ...standing, course: updated });
    });
  }

  /** Archives a course; harmless the second time. */
  async archive(user: Principal, courseId: string, expected: ExpectedVersions): Promise<void> {
    await this.transactions.run(async (manager) => {
      await this.access.getManagerStanding(user, courseId, manager);
      const course = await manager.findOneOrFail(Course, { where: { id: courseId }, ...rowLock(manager) });
      requireVersion(expected, course.version);
      if (course.status === 'archived') return;
      await updateVersioned(manager, Course, course, { status: 'archived' });
      await this.note(manager, user, courseId, 'course.archived', null);
    });
  }

  private note(
    manager: EntityManager,
    { userId }: Principal,
    courseId: string,
    action: string,
    detail: Readonly<Record<string, unknown>> | null,
  ): Promise<void> {
    return this.audit.record(manager, {
      actorId: userId,
      action,
      targetType: 'course',
      targetId: courseId,
      courseId,
      detail,
    });
  }
}

/** Of a course that the query or the caller has made sure the user may see. */
function visibleStanding(user: Principal, course: Course, enrolment: Enrolment | null): Standing {
  const standing = standingOf(user, course, enrolment);
  if (standing === null) throw DomainError.notFound('course');
  return standing;
}

/** A course that could raise its own weight would take from the others. */
function requireMaySetWeight({ role }: Principal, gradingWeight: number | undefined): void {
  if (gradingWeight === undefined || role === 'admin') return;
  throw new DomainError(
    'forbidden',
    'administrators_only',
    'Only administrators set the gradingWeight of a course: leave it out, or ask one of them.',
  );
}

function requireOrderOfDates({ startsAt, endsAt }: Pick<Course, 'startsAt' | 'endsAt'>): void {
  if (startsAt !== null && endsAt !== null && endsAt < startsAt) {
    throw DomainError.invalid([{ path: '/endsAt', message: 'must not be before startsAt' }]);
  }
}
