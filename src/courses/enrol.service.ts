import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { AuditLog } from '../audit/audit-log.js';
import type { Principal } from '../auth/principal.js';
import { databaseNow } from '../database/database-clock.js';
import { isUniqueViolation } from '../database/database-errors.js';
import { newId } from '../database/new-id.js';
import { Transactions } from '../database/transactions.js';
import { DomainError } from '../errors/domain-error.js';
import { withAnswer } from '../http/answer.js';
import { Idempotency } from '../http/idempotency.js';
import { CourseAccess } from './course-access.js';
import type { Course } from './course.entity.js';
import type { EnrolDto } from './dto/enrol.dto.js';
import { EnrolmentDto } from './dto/enrolment.dto.js';
import { isEnrolmentCode } from './enrolment-code.js';
import { Enrolment } from './enrolment.entity.js';

/** Lets people into courses by themselves. */
@Injectable()
export class EnrolService {
  constructor(
    private readonly access: CourseAccess,
    private readonly transactions: Transactions,
    private readonly idempotency: Idempotency,
    private readonly audit: AuditLog,
  ) {}

  /** Makes the user a student of the course (201), or finds that they are in it already, in whatever role (200). */
  async enrol(user: Principal, courseId: string, dto: EnrolDto): Promise<EnrolmentDto> {
    const attempt = (): Promise<EnrolmentDto> =>
      this.transactions.run((manager) => this.enrolWithin(manager, user, courseId, dto));
    try {
      return await attempt();
    } catch (error) {
      // Their other click was faster: this time they are in.
      if (isUniqueViolation(error)) return attempt();
      throw error;
    }
  }

  private async enrolWithin(
    manager: EntityManager,
    user: Principal,
    courseId: string,
    dto: EnrolDto,
  ): Promise<EnrolmentDto> {
    const { course, enrolment: existing } = await this.access.getStanding(user, courseId, manager);
    if (existing !== null) return this.answer(manager, existing, 200);
    requireOpenTo(course, dto.code);
    const enrolment: Enrolment = {
      id: newId(),
      courseId,
      userId: user.userId,
      role: 'student',
      createdAt: await databaseNow(manager),
      version: 1,
    };
    await manager.insert(Enrolment, enrolment);
    await this.audit.record(manager, {
      actorId: user.userId,
      action: 'member.enrolled',
      targetType: 'user',
      targetId: user.userId,
      courseId,
      detail: { role: enrolment.role },
    });
    return this.answer(manager, enrolment, 201);
  }

  private async answer(manager: EntityManager, enrolment: Enrolment, status: 200 | 201): Promise<EnrolmentDto> {
    const body = EnrolmentDto.from(enrolment);
    await this.idempotency.complete(manager, { status, body, location: null });
    return withAnswer(body, { status });
  }
}

function requireOpenTo(course: Course, code: string | undefined): void {
  if (course.status !== 'published') throw enrolmentClosed('This course is not open: it is a draft or was archived.');
  switch (course.enrolment) {
    case 'open':
      return;
    case 'code':
      if (code === undefined) throw wrongCode('is required: ask the staff of the course for it');
      if (course.enrolmentCode === null || !isEnrolmentCode(code, course.enrolmentCode)) {
        throw wrongCode('is not the enrolment code of this course');
      }
      return;
    case 'invite':
      throw enrolmentClosed('Only the staff of this course adds members: ask them.');
    case 'paid':
      throw enrolmentClosed('This course is entered by paying for it, not by enrolling.');
  }
}

function wrongCode(message: string): DomainError {
  return DomainError.invalid([{ path: '/code', message }], 'wrong_code');
}

function enrolmentClosed(message: string): DomainError {
  return new DomainError('forbidden', 'enrolment_closed', message);
}
