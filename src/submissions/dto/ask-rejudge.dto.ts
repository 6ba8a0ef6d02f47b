import { IsBoolean } from 'class-validator';
import { IfPresent } from '../../http/if-present.decorator.js';
import { RejudgeFilterDto } from './rejudge-filter.dto.js';

/** How a submission is graded again. */
export class RejudgeSubmissionDto {
  /**
   * True: the new result is only compared with the present one, until it is applied or discarded. False, or left out: it
   * replaces it.
   * @example true
   */
  @IfPresent()
  @IsBoolean()
  dryRun?: boolean;
}

/** Which submissions to an assignment are graded again, and how. All may be left out. */
export class RejudgeAssignmentDto extends RejudgeFilterDto {
  /**
   * True: the new results are only compared with the present ones, until they are applied or discarded. False, or left out:
   * they replace them.
   * @example true
   */
  @IfPresent()
  @IsBoolean()
  dryRun?: boolean;
}
