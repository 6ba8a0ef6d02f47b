import { ApiProperty } from '@nestjs/swagger';
import { IsIn, IsInt, IsOptional, IsString, Max, Min } from 'class-validator';
import { IfPresent } from '../../http/if-present.decorator.js';
import { IsInstant } from '../../http/instant.decorator.js';
import { IsSingleLine, IsStorableText, Length, MaxLength } from '../../http/text.decorators.js';
import { COURSE_STATUSES, type CourseStatus, ENROLMENT_MODES, type EnrolmentMode } from '../course.entity.js';

/** Changes to a course, as a merge patch (RFC 7396): what is left out stays, null clears. */
export class UpdateCourseDto {
  /**
   * What people call the course for short.
   * @example "BACKEND-101"
   */
  @IfPresent()
  @IsString()
  @Length(1, 40)
  @IsSingleLine()
  code?: string;

  /**
   * The full name of the course.
   * @example "Backend Foundations"
   */
  @IfPresent()
  @IsString()
  @Length(1, 200)
  @IsSingleLine()
  title?: string;

  /**
   * What the course is about, in Markdown.
   * @example "Small programs, each a piece of every backend."
   */
  @IfPresent()
  @IsString()
  @MaxLength(100_000)
  @IsStorableText()
  description?: string;

  /**
   * When the course is given, in words. Null: not said.
   * @example "Autumn 2026"
   */
  @IsOptional()
  @IsString()
  @Length(1, 80)
  @IsSingleLine()
  term?: string | null;

  /**
   * Who sees it. Any status may follow any other; `archived` is what DELETE sets.
   * @example "published"
   */
  @ApiProperty({ enum: COURSE_STATUSES, required: false })
  @IfPresent()
  @IsIn(COURSE_STATUSES)
  status?: CourseStatus;

  /**
   * How students get in. Who is in stays in.
   * @example "open"
   */
  @ApiProperty({ enum: ENROLMENT_MODES, required: false })
  @IfPresent()
  @IsIn(ENROLMENT_MODES)
  enrolment?: EnrolmentMode;

  /**
   * What students enter to enrol where `enrolment` is `code`. Null: another is made there, and none elsewhere.
   * @example "K7QW-2MXP"
   */
  @IsOptional()
  @IsString()
  @Length(4, 80)
  @IsSingleLine()
  enrolmentCode?: string | null;

  /**
   * When the course begins. Null: not said.
   * @example "2026-09-01T08:00:00.000Z"
   */
  @IsOptional()
  @IsInstant()
  startsAt?: Date | null;

  /**
   * When the course ends, not before it begins. Null: not said.
   * @example "2026-12-18T17:00:00.000Z"
   */
  @IsOptional()
  @IsInstant()
  endsAt?: Date | null;

  /**
   * Its share of the workers while submissions of several courses wait, beside theirs; for what is handed in from then on. Only
   * administrators set it.
   * @example 2
   */
  @IfPresent()
  @IsInt()
  @Min(1)
  @Max(100)
  gradingWeight?: number;
}
