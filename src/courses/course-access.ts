import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import type { EntityManager, Repository } from 'typeorm';
import type { Principal } from '../auth/principal.js';
import { DomainError } from '../errors/domain-error.js';
import { Course } from './course.entity.js';
import { Enrolment } from './enrolment.entity.js';
import { type Standing, standingOf } from './standing.js';

/** A course with the enrolment of the one who asks, as the joined query gives it. */
type CourseOfUser = Course & { myEnrolment?: Enrolment | null };

/**
 * The one place that decides who may do what in a course. Denied unless granted: a course that is not there and one that
 * the user may not see give the same answer.
 */
@Injectable()
export class CourseAccess {
  constructor(@InjectRepository(Course) private readonly courses: Repository<Course>) {}

  /** Where the user stands in the course, in one statement; null where they may not see it. */
  async findStanding(
    user: Principal,
    courseId: string,
    manager: EntityManager = this.courses.manager,
  ): Promise<Standing | null> {
    const found: CourseOfUser | null = await manager
      .createQueryBuilder(Course, 'course')
      .leftJoinAndMapOne(
        'course.myEnrolment',
        Enrolment,
        'enrolment',
        'enrolment.courseId = course.id AND enrolment.userId = :userId',
        { userId: user.userId },
      )
      .where('course.id = :courseId', { courseId })
      .getOne();
    return found === null ? null : standingOf(user, found, found.myEnrolment ?? null);
  }

  /** @throws DomainError `not_found` where the course is not there or may not be seen. */
  async getStanding(user: Principal, courseId: string, manager?: EntityManager): Promise<Standing> {
    const standing = await this.findStanding(user, courseId, manager);
    if (standing === null) throw DomainError.notFound('course');
    return standing;
  }

  /** @throws DomainError `not_found`, or `forbidden` for all but administrators, instructors and assistants. */
  async getStaffStanding(user: Principal, courseId: string, manager?: EntityManager): Promise<Standing> {
    const standing = await this.getStanding(user, courseId, manager);
    if (!standing.isStaff) {
      throw new DomainError('forbidden', 'staff_only', 'Only the staff of this course may do this.');
    }
    return standing;
  }

  /** @throws DomainError `not_found`, or `forbidden` for all but administrators and instructors. */
  async getManagerStanding(user: Principal, courseId: string, manager?: EntityManager): Promise<Standing> {
    const standing = await this.getStanding(user, courseId, manager);
    if (!standing.mayManage) {
      throw new DomainError('forbidden', 'instructors_only', 'Only instructors of this course may do this.');
    }
    return standing;
  }

  /** @throws DomainError `not_found`, or `forbidden` for those who only see the course listed. */
  async getMemberStanding(user: Principal, courseId: string, manager?: EntityManager): Promise<Standing> {
    const standing = await this.getStanding(user, courseId, manager);
    if (!standing.isMember) {
      throw new DomainError('forbidden', 'members_only', 'Only members of this course may do this: enrol first.');
    }
    return standing;
  }
}
