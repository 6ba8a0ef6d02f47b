import { ApiProperty } from '@nestjs/swagger';
import { withVersion } from '../../http/entity-tag.js';
import type { User } from '../../users/user.entity.js';
import { COURSE_ROLES, type CourseRole, type Enrolment } from '../enrolment.entity.js';

/** Somebody in a course. */
export class MemberDto {
  /**
   * Id of the user.
   * @example "01a1f93b-a283-7197-87f1-4221b13d5ab0"
   */
  userId: string;

  /**
   * The user's name.
   * @example "Ada Lovelace"
   */
  name: string;

  /**
   * The user's e-mail address.
   * @example "ada@example.org"
   */
  email: string;

  /**
   * What the user may do: `instructor` everything, `assistant` see and grade, `student` hand in.
   * @example "student"
   */
  @ApiProperty({ enum: COURSE_ROLES })
  role: CourseRole;

  /**
   * When the user came into the course.
   * @example "2026-09-02T10:15:00.000Z"
   */
  enrolledAt: Date;

  static from(enrolment: Enrolment, user: Pick<User, 'id' | 'name' | 'email'>): MemberDto {
    const dto: MemberDto = {
      userId: user.id,
      name: user.name,
      email: user.email,
      role: enrolment.role,
      enrolledAt: enrolment.createdAt,
    };
    return withVersion(dto, enrolment.version);
  }
}
