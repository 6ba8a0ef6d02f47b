import { ApiProperty } from '@nestjs/swagger';
import { COURSE_ROLES, type CourseRole, type Enrolment } from '../enrolment.entity.js';

/** The caller's place in a course. */
export class EnrolmentDto {
  /**
   * Id of the course.
   * @example "01a1f93b-a283-7197-87f1-4221b13d5ab0"
   */
  courseId: string;

  /**
   * Id of the caller.
   * @example "01a1f93b-a283-7197-87f1-4221b13d5ab1"
   */
  userId: string;

  /**
   * The caller's role in the course.
   * @example "student"
   */
  @ApiProperty({ enum: COURSE_ROLES })
  role: CourseRole;

  /**
   * When the caller came into the course.
   * @example "2026-09-02T10:15:00.000Z"
   */
  enrolledAt: Date;

  static from(enrolment: Enrolment): EnrolmentDto {
    return {
      courseId: enrolment.courseId,
      userId: enrolment.userId,
      role: enrolment.role,
      enrolledAt: enrolment.createdAt,
    };
  }
}
