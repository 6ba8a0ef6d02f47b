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

/** Changes to an assignment, as a merge patch (RFC 7396): what is left out stays, null clears. */
@ApiExtraModels(NoLatePolicyDto, PercentLatePolicyDto)
export class UpdateAssignmentDto {
  /**
   * Its name for people.
   * @example "A cache that forgets"
   */
  @IfPresent()
  @IsString()
  @Length(1, 200)
  @IsSingleLine()
  title?: string;

  /**
   * How submissions are graded, merged into what is there: send null for members that shall go. A change makes a new
   * version.
   * @example { "runtime": "python", "entrypoint": "main.py", "tests": [{ "kind": "program", "name": "adds", "points": 10, "stdin": "1 2\n", "expect": { "stdout": "3\n" } }] }
   */
  @ApiProperty({ ...gradingDocumentProperty, required: false })
  @IfPresent()
  @IsObject()
  grading?: Record<string, unknown>;

  /**
   * Its name in paths and files, unique in the course: lower-case letters, digits and single hyphens.
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
   * What is to be done, in Markdown.
   * @example "Write a cache that holds at most *n* values."
   */
  @IfPresent()
  @IsString()
  @MaxLength(200_000)
  @IsStorableText()
  instructions?: string;

  /**
   * Who sees it. `archived` is what DELETE sets.
   * @example "published"
   */
  @ApiProperty({ enum: ASSIGNMENT_STATUSES, required: false })
  @IfPresent()
  @IsIn(ASSIGNMENT_STATUSES)
  status?: AssignmentStatus;

  /**
   * From when on submissions are accepted. Null: from the beginning.
   * @example "2026-09-07T08:00:00.000Z"
   */
  @IsOptional()
  @IsInstant()
  opensAt?: Date | null;

  /**
   * Later submissions are `late`; not before `opensAt`. Null: none is late.
   * @example "2026-09-14T20:00:00.000Z"
   */
  @IsOptional()
  @IsInstant()
  dueAt?: Date | null;

  /**
   * Later submissions are refused; not before `dueAt`. Null: none is refused.
   * @example "2026-09-16T20:00:00.000Z"
   */
  @IsOptional()
  @IsInstant()
  closesAt?: Date | null;

  /**
   * How often each student may submit. Null: as often as they like.
   * @example 10
   */
  @IsOptional()
  @IsInt()
  @Min(1)
  @Max(1000)
  maxAttempts?: number | null;

  /**
   * What handing in late costs. Merged into what is there, unless it names another kind.
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
   * Which of a student's attempts the gradebook counts.
   * @example "best"
   */
  @ApiProperty({ enum: COUNTED_ATTEMPTS, required: false })
  @IfPresent()
  @IsIn(COUNTED_ATTEMPTS)
  countedAttempt?: CountedAttemptRule;

  /**
   * Whether a newer submission of a student cancels their older ones that still wait; no attempt is spent on those.
   * @example true
   */
  @IfPresent()
  @IsBoolean()
  supersedes?: boolean;
}
