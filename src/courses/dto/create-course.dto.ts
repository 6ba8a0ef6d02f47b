import { ApiProperty } from '@nestjs/swagger';
import { IsIn, IsInt, IsOptional, IsString, Max, Min } from 'class-validator';
import { IfPresent } from '../../http/if-present.decorator.js';
import { IsInstant } from '../../http/instant.decorator.js';
import { IsSingleLine, IsStorableText, Length, MaxLength } from '../../http/text.decorators.js';
import { COURSE_STATUSES, type CourseStatus, ENROLMENT_MODES, type EnrolmentMode } from '../course.entity.js';

/** A course to be made. */
export class CreateCourseDto {
  /**
   * What people call the course for short.
   * @example "BACKEND-101"
   */
  @IsString()
  @Length(1, 40)
  @IsSingleLine()
  code: string;

  /**
   * The full name of the course.
   * @example "Backend Foundations"
   */
  @IsString()
  @Length(1, 200)
  @IsSingleLine()
  title: string;

  /**
   * What the course is about, in Markdown. Left out: empty.
   * @example "Small programs, each a piece of every backend."
   */
  @IfPresent()
  @IsString()
  @MaxLength(100_000)
  @IsStorableText()
  description?: string;

  /**
   * When the course is given, in words.
   * @example "Autumn 2026"
   */
  @IsOptional()
  @IsString()
  @Length(1, 80)
  @IsSingleLine()
  term?: string | null;

  /**
   * Who sees it. Left out: `draft`.
   * @example "published"
   */
  @ApiProperty({ enum: COURSE_STATUSES, required: false, default: 'draft' })
  @IfPresent()
  @IsIn(COURSE_STATUSES)
  status?: CourseStatus;

  /**
   * How students get in. Left out: `invite`.
   * @example "code"
   */
  @ApiProperty({ enum: ENROLMENT_MODES, required: false, default: 'invite' })
  @IfPresent()
  @IsIn(ENROLMENT_MODES)
  enrolment?: EnrolmentMode;

  /**
   * What students enter to enrol where `enrolment` is `code`; left out there: one is made.
   * @example "K7QW-2MXP"
   */
  @IsOptional()
  @IsString()
  @Length(4, 80)
  @IsSingleLine()
  enrolmentCode?: string | null;

  /**
   * When the course begins.
   * @example "2026-09-01T08:00:00.000Z"
   */
  @IsOptional()
  @IsInstant()
  startsAt?: Date | null;

  /**
   * When the course ends, not before it begins.
   * @example "2026-12-18T17:00:00.000Z"
   */
  @IsOptional()
  @IsInstant()
  endsAt?: Date | null;

  /**
   * Its share of the workers while submissions of several courses wait, beside theirs. Only administrators set it. Left out: 1.
   * @example 2
   */
  @IfPresent()
  @IsInt()
  @Min(1)
  @Max(100)
  gradingWeight?: number;
}
