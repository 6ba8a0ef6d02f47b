import { ApiExtraModels, ApiProperty, getSchemaPath } from '@nestjs/swagger';
import { IsBoolean, IsIn, IsInt, IsObject, IsOptional, IsString, Matches, Max, Min } from 'class-validator';
import { IfPresent } from '../../http/if-present.decorator.js';
import { IsInstant } from '../../http/instant.decorator.js';
import { IsSingleLine, IsStorableText, Length, MaxLength } from '../../http/text.decorators.js';
import {
  ASSIGNMENT_STATUSES,
  type AssignmentStatus,
  COUNTED_ATTEMPTS,
  type CountedAttemptRule,
} from '../assignment.entity.js';
import { gradingDocumentProperty } from './grading-property.js';
import { NoLatePolicyDto, PercentLatePolicyDto } from './late-policy.dto.js';

/** An assignment to be made. */
@ApiExtraModels(NoLatePolicyDto, PercentLatePolicyDto)
export class CreateAssignmentDto {
  /**
   * Its name for people.
   * @example "A cache that forgets"
   */
  @IsString()
  @Length(1, 200)
  @IsSingleLine()
  title: string;

  /**
   * How submissions are graded.
   * @example { "runtime": "python", "entrypoint": "main.py", "tests": [{ "kind": "program", "name": "adds", "points": 10, "stdin": "1 2\n", "expect": { "stdout": "3\n" } }] }
   */
  @ApiProperty(gradingDocumentProperty)
  @IsObject()
  grading: Record<string, unknown>;

  /**
   * Its name in paths and files, unique in the course: lower-case letters, digits and single hyphens. Left out: made from the title.
   * @example "lru-cache"
   */
  @IfPresent()
  @IsString()
  @MaxLength(100)
  @Matches(/^[a-z0-9]+(?:-[a-z0-9]+)*$/, {
    message: 'slug must be lower-case letters and digits, joined by single hyphens',
  })
  slug?: string;

  /**
   * What is to be done, in Markdown. Left out: empty.
   * @example "Write a cache that holds at most *n* values."
   */
  @IfPresent()
  @IsString()
  @MaxLength(200_000)
  @IsStorableText()
  instructions?: string;

  /**
   * Who sees it. Left out: `draft`.
   * @example "published"
   */
  @ApiProperty({ enum: ASSIGNMENT_STATUSES, required: false, default: 'draft' })
  @IfPresent()
  @IsIn(ASSIGNMENT_STATUSES)
  status?: AssignmentStatus;

  /**
   * From when on submissions are accepted. Null or left out: from the beginning.
   * @example "2026-09-07T08:00:00.000Z"
   */
  @IsOptional()
  @IsInstant()
  opensAt?: Date | null;

  /**
   * Later submissions are `late`; not before `opensAt`. Null or left out: none is late.
   * @example "2026-09-14T20:00:00.000Z"
   */
  @IsOptional()
  @IsInstant()
  dueAt?: Date | null;

  /**
   * Later submissions are refused; not before `dueAt`. Null or left out: none is refused.
   * @example "2026-09-16T20:00:00.000Z"
   */
  @IsOptional()
  @IsInstant()
  closesAt?: Date | null;

  /**
   * How often each student may submit. Null or left out: as often as they like.
   * @example 10
   */
  @IsOptional()
  @IsInt()
  @Min(1)
  @Max(1000)
  maxAttempts?: number | null;

  /**
   * What handing in late costs. Left out: nothing. `max` left out: 100.
   * @example { "kind": "percent", "perDay": 10, "max": 50 }
   */
  @ApiProperty({
    oneOf: [{ $ref: getSchemaPath(NoLatePolicyDto) }, { $ref: getSchemaPath(PercentLatePolicyDto) }],
    required: false,
  })
  @IfPresent()
  @IsObject()
  latePolicy?: Record<string, unknown>;

  /**
   * Which of a student's attempts the gradebook counts. Left out: `best`.
   * @example "best"
   */
  @ApiProperty({ enum: COUNTED_ATTEMPTS, required: false, default: 'best' })
  @IfPresent()
  @IsIn(COUNTED_ATTEMPTS)
  countedAttempt?: CountedAttemptRule;

  /**
   * True: a newer submission of a student cancels their older ones that still wait; no attempt is spent on those. Left out:
   * false, and each is graded.
   * @example true
   */
  @IfPresent()
  @IsBoolean()
  supersedes?: boolean;
}
