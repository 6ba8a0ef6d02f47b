import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import type { EntityManager, Repository } from 'typeorm';
import { AuditLog } from '../audit/audit-log.js';
import type { Principal } from '../auth/principal.js';
import { databaseNow } from '../database/database-clock.js';
import { isUniqueViolation } from '../database/database-errors.js';
import { newId } from '../database/new-id.js';
import { rowLock } from '../database/row-lock.js';
import { Transactions } from '../database/transactions.js';
import { DomainError } from '../errors/domain-error.js';
import { withAnswer } from '../http/answer.js';
import { type ExpectedVersions, requireVersion, updateVersioned } from '../http/entity-tag.js';
import { Idempotency } from '../http/idempotency.js';
import { findPage, mapPage } from '../http/page.js';
import { normaliseEmail } from '../users/email-address.js';
import { User } from '../users/user.entity.js';
import { CourseAccess } from './course-access.js';
import { Course } from './course.entity.js';
import type { AddMemberDto } from './dto/add-member.dto.js';
import type { ListMembersDto } from './dto/list-members.dto.js';
import type { MemberPageDto } from './dto/member-page.dto.js';
import { MemberDto } from './dto/member.dto.js';
import type { UpdateMemberDto } from './dto/update-member.dto.js';
import { Enrolment } from './enrolment.entity.js';

const COLUMNS_OF_USER = ['user.id', 'user.name', 'user.email'];

/** Who is in a course. Staff look, instructors change. */
@Injectable()
export class MembersService {
  constructor(
    @InjectRepository(Enrolment) private readonly enrolments: Repository<Enrolment>,
    private readonly access: CourseAccess,
    private readonly transactions: Transactions,
    private readonly idempotency: Idempotency,
    private readonly audit: AuditLog,
  ) {}

  async list(user: Principal, courseId: string, query: ListMembersDto): Promise<MemberPageDto> {
    await this.access.getStaffStanding(user, courseId);
    const select = this.enrolments
      .createQueryBuilder('enrolment')
      .innerJoin('enrolment.user', 'user')
      .addSelect(COLUMNS_OF_USER)
      .where('enrolment.courseId = :courseId', { courseId });
    if (query.role !== undefined) select.andWhere('enrolment.role = :role', { role: query.role });
    return mapPage(await findPage(select, 'enrolment', query), memberOf);
  }

  async get(user: Principal, courseId: string, userId: string): Promise<MemberDto> {
    await this.access.getStaffStanding(user, courseId);
    return memberOf(await this.getEnrolment(this.enrolments.manager, courseId, userId));
  }

  /** @throws DomainError `invalid` for an unknown user, `conflict` (`already_member`) for one who is in the course. */
  async add(user: Principal, courseId: string, dto: AddMemberDto): Promise<MemberDto> {
    try {
      return await this.transactions.run(async (manager) => {
        await this.access.getManagerStanding(user, courseId, manager);
        const added = await findUser(manager, dto);
        const enrolment: Enrolment = {
          id: newId(),
          courseId,
          userId: added.id,
          role: dto.role,
          createdAt: await databaseNow(manager),
          version: 1,
        };
        await manager.insert(Enrolment, enrolment);
        const body = MemberDto.from(enrolment, added);
        const location = `/api/v1/courses/${courseId}/members/${added.id}`;
        await this.idempotency.complete(manager, { status: 201, body, location });
        await this.note(manager, user, 'member.added', enrolment);
        return withAnswer(body, { location });
      });
    } catch (error) {
      if (!isUniqueViolation(error)) throw error;
      throw new DomainError(
        'conflict',
        'already_member',
        'They are in this course already: change their role with PATCH.',
        {
          cause: error,
        },
      );
    }
  }

  async update(
    user: Principal,
    courseId: string,
    userId: string,
    dto: UpdateMemberDto,
    expected: ExpectedVersions,
  ): Promise<MemberDto> {
    return this.transactions.run(async (manager) => {
      await this.access.getManagerStanding(user, courseId, manager);
      const enrolment = await this.lockEnrolment(manager, courseId, userId);
      requireVersion(expected, enrolment.version);
      if (dto.role === undefined || dto.role === enrolment.role) return memberOf(enrolment);
      await requireAnotherInstructor(manager, enrolment);
      const before = enrolment.role;
      const changed = await updateVersioned(manager, Enrolment, enrolment, { role: dto.role });
      await this.note(manager, user, 'member.changed', changed, { before });
      return memberOf(changed);
    });
  }

  /** Takes somebody out of the course. What they handed in stays. */
  async remove(user: Principal, courseId: string, userId: string, expected: ExpectedVersions): Promise<void> {
    await this.transactions.run(async (manager) => {
      await this.access.getManagerStanding(user, courseId, manager);
      const enrolment = await this.lockEnrolment(manager, courseId, userId);
      requireVersion(expected, enrolment.version);
      await requireAnotherInstructor(manager, enrolment);
      await manager.delete(Enrolment, { id: enrolment.id });
      await this.note(manager, user, 'member.removed', enrolment);
    });
  }

  private note(
    manager: EntityManager,
    actor: Principal,
    action: string,
    { courseId, userId, role }: Pick<Enrolment, 'courseId' | 'userId' | 'role'>,
    more: Readonly<Record<string, unknown>> = {},
  ): Promise<void> {
    return this.audit.record(manager, {
      actorId: actor.userId,
      action,
      targetType: 'user',
      targetId: userId,
      courseId,
      detail: { role, ...more },
    });
  }

  /** Under a lock on the course: of two instructors who remove each other at the same time, one must stay. */
  private async lockEnrolment(manager: EntityManager, courseId: string, userId: string): Promise<Enrolment> {
    await manager.findOne(Course, { select: { id: true }, where: { id: courseId }, ...rowLock(manager) });
    return this.getEnrolment(manager, courseId, userId);
  }

  private async getEnrolment(manager: EntityManager, courseId: string, userId: string): Promise<Enrolment> {
    const found = await manager
      .createQueryBuilder(Enrolment, 'enrolment')
      .innerJoin('enrolment.user', 'user')
      .addSelect(COLUMNS_OF_USER)
      .where('enrolment.courseId = :courseId AND enrolment.userId = :userId', { courseId, userId })
      .getOne();
    if (found === null) throw DomainError.notFound('member');
    return found;
  }
}

function memberOf(enrolment: Enrolment): MemberDto {
  if (enrolment.user === undefined) throw new Error('The enrolment was read without its user.');
  return MemberDto.from(enrolment, enrolment.user);
}

async function findUser(manager: EntityManager, { email, userId }: AddMemberDto): Promise<User> {
  if ((email === undefined) === (userId === undefined)) {
    throw DomainError.invalid([{ path: '', message: 'must name either email or userId' }]);
  }
  const found = await manager.findOne(User, {
    select: { id: true, name: true, email: true },
    where: userId === undefined ? { email: normaliseEmail(email ?? '') } : { id: userId.toLowerCase() },
  });
  if (found !== null) return found;
  throw DomainError.invalid(
    [
      userId === undefined
        ? { path: '/email', message: 'belongs to no account: ask them to register first' }
        : { path: '/userId', message: 'is the id of no user' },
    ],
    'unknown_user',
  );
}

async function requireAnotherInstructor(manager: EntityManager, enrolment: Enrolment): Promise<void> {
  if (enrolment.role !== 'instructor') return;
  const instructors = await manager.countBy(Enrolment, { courseId: enrolment.courseId, role: 'instructor' });
  if (instructors < 2) {
    throw new DomainError(
      'conflict',
      'last_instructor',
      'A course keeps at least one instructor: make somebody else one first.',
    );
  }
}
