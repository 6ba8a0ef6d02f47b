import { ApiProperty } from '@nestjs/swagger';
import { withVersion } from '../../http/entity-tag.js';
import { COURSE_STATUSES, type CourseStatus, ENROLMENT_MODES, type EnrolmentMode } from '../course.entity.js';
import { COURSE_ROLES, type CourseRole } from '../enrolment.entity.js';
import type { Standing } from '../standing.js';

/** A course, as the caller may see it. */
export class CourseDto {
  /**
   * Id of the course (UUIDv7).
   * @example "01a1f93b-a283-7197-87f1-4221b13d5ab0"
   */
  id: string;

  /**
   * What people call the course for short. Several courses, such as those of two terms, may share it.
   * @example "BACKEND-101"
   */
  code: string;

  /**
   * The full name of the course.
   * @example "Backend Foundations"
   */
  title: string;

  /**
   * What the course is about, in Markdown.
   * @example "Small programs, each a piece of every backend."
   */
  description: string;

  /**
   * When the course is given, in words.
   * @example "Autumn 2026"
   */
  term: string | null;

  /**
   * `draft`: only staff see it. `published`: everyone who is signed in sees it listed. `archived`: its members still see it,
   * and nobody joins.
   * @example "published"
   */
  @ApiProperty({ enum: COURSE_STATUSES })
  status: CourseStatus;

  /**
   * How students get in: `open` by themselves, `code` with the enrolment code, `invite` when staff add them, `paid` by
   * paying.
   * @example "code"
   */
  @ApiProperty({ enum: ENROLMENT_MODES })
  enrolment: EnrolmentMode;

  /**
   * When the course begins; says so and closes nothing.
   * @example "2026-09-01T08:00:00.000Z"
   */
  startsAt: Date | null;

  /**
   * When the course ends; says so and closes nothing.
   * @example "2026-12-18T17:00:00.000Z"
   */
  endsAt: Date | null;

  /**
   * When the course was made.
   * @example "2026-08-12T09:30:00.000Z"
   */
  createdAt: Date;

  /**
   * The caller's role in the course, null for who is not enrolled.
   * @example "student"
   */
  @ApiProperty({ enum: COURSE_ROLES, nullable: true })
  myRole: CourseRole | null;

  /**
   * What students enter to enrol where `enrolment` is `code`. Only sent to staff.
   * @example "K7QW-2MXP"
   */
  enrolmentCode?: string | null;

  /**
   * Its share of the workers while submissions of several courses wait, beside theirs: one of 2 gets twice what one of 1 gets.
   * Only sent to staff.
   * @example 1
   */
  gradingWeight?: number;

  static from({ course, enrolment, isStaff }: Standing): CourseDto {
    const dto: CourseDto = {
      id: course.id,
      code: course.code,
      title: course.title,
      description: course.description,
      term: course.term,
      status: course.status,
      enrolment: course.enrolment,
      startsAt: course.startsAt,
      endsAt: course.endsAt,
      createdAt: course.createdAt,
      myRole: enrolment?.role ?? null,
      ...(isStaff ? { enrolmentCode: course.enrolmentCode, gradingWeight: course.gradingWeight } : {}),
    };
    return withVersion(dto, course.version);
  }
}
