import { ApiProperty } from '@nestjs/swagger';
import {
  ArrayMaxSize,
  ArrayMinSize,
  ArrayUnique,
  IsArray,
  IsBoolean,
  IsIn,
  IsInt,
  IsUUID,
  Max,
  Min,
} from 'class-validator';
import { VERDICTS, type Verdict } from '../../grading/verdict.js';
import { IfPresent } from '../../http/if-present.decorator.js';
import { IsInstant } from '../../http/instant.decorator.js';
import { REJUDGED_STATUSES, type RejudgedStatus, type RejudgeFilter } from '../rejudge-filter.js';

/** Which submissions are graded again: those for which all of it holds. */
export class RejudgeFilterDto {
  /**
   * Only those with one of these verdicts.
   * @example ["wrong_answer", "time_limit_exceeded"]
   */
  @ApiProperty({ enum: VERDICTS, isArray: true, required: false, minItems: 1 })
  @IfPresent()
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(VERDICTS.length)
  @ArrayUnique()
  @IsIn(VERDICTS, { each: true })
  verdicts?: Verdict[];

  /**
   * Only those that ended so. Left out: `graded` and `failed`, since whoever cancelled wanted no result.
   * @example ["graded"]
   */
  @ApiProperty({ enum: REJUDGED_STATUSES, isArray: true, required: false, minItems: 1 })
  @IfPresent()
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(REJUDGED_STATUSES.length)
  @ArrayUnique()
  @IsIn(REJUDGED_STATUSES, { each: true })
  statuses?: RejudgedStatus[];

  /**
   * Only those of these users, 500 at most.
   * @example ["01a1f93b-a283-7197-87f1-4221b13d5ab2"]
   */
  @ApiProperty({
    type: 'array',
    items: { type: 'string', format: 'uuid' },
    required: false,
    minItems: 1,
    maxItems: 500,
  })
  @IfPresent()
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(500)
  @IsUUID('all', { each: true })
  studentIds?: string[];

  /**
   * Only those whose result is of one of these versions of the grading document, 100 at most.
   * @example [1]
   */
  @ApiProperty({ type: 'array', items: { type: 'integer', minimum: 1 }, required: false, minItems: 1, maxItems: 100 })
  @IfPresent()
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(100)
  @IsInt({ each: true })
  @Min(1, { each: true })
  @Max(2_147_483_647, { each: true })
  gradingVersions?: number[];

  /**
   * True: only those whose result is of an older version of the grading document than the present one.
   * @example true
   */
  @IfPresent()
  @IsBoolean()
  outdatedOnly?: boolean;

  /**
   * Only those received at this instant or later.
   * @example "2026-09-13T08:00:00.000Z"
   */
  @IfPresent()
  @IsInstant()
  submittedAfter?: Date;

  /**
   * Only those received at this instant or earlier.
   * @example "2026-09-13T20:00:00.000Z"
   */
  @IfPresent()
  @IsInstant()
  submittedBefore?: Date;

  /**
   * True: of each student only the attempt that the gradebook counts, as it stands now.
   * @example true
   */
  @IfPresent()
  @IsBoolean()
  countedOnly?: boolean;

  static from({ submittedAfter, submittedBefore, ...others }: RejudgeFilter): RejudgeFilterDto {
    const { verdicts, statuses, studentIds, gradingVersions, outdatedOnly, countedOnly } = others;
    return {
      ...(verdicts === undefined ? {} : { verdicts: [...verdicts] }),
      ...(statuses === undefined ? {} : { statuses: [...statuses] }),
      ...(studentIds === undefined ? {} : { studentIds: [...studentIds] }),
      ...(gradingVersions === undefined ? {} : { gradingVersions: [...gradingVersions] }),
      ...(outdatedOnly === undefined ? {} : { outdatedOnly }),
      ...(submittedAfter === undefined ? {} : { submittedAfter: new Date(submittedAfter) }),
      ...(submittedBefore === undefined ? {} : { submittedBefore: new Date(submittedBefore) }),
      ...(countedOnly === undefined ? {} : { countedOnly }),
    };
  }
}
