import { ApiProperty } from '@nestjs/swagger';
import { IsIn, IsUUID } from 'class-validator';
import { RUN_STATES, type RunState } from '../../grading/run-state.js';
import { VERDICTS, type Verdict } from '../../grading/verdict.js';
import { IfPresent } from '../../http/if-present.decorator.js';
import { ListQueryDto } from '../../http/list-query.dto.js';

/** Which submissions to list. */
export class ListSubmissionsDto extends ListQueryDto {
  /**
   * Only those of this user. Students see their own in any case.
   * @example "01a1f93b-a283-7197-87f1-4221b13d5ab2"
   */
  @IfPresent()
  @IsUUID()
  studentId?: string;

  /**
   * Only those of this status.
   * @example "graded"
   */
  @ApiProperty({ enum: RUN_STATES, required: false })
  @IfPresent()
  @IsIn(RUN_STATES)
  status?: RunState;

  /**
   * Only those with this verdict.
   * @example "accepted"
   */
  @ApiProperty({ enum: VERDICTS, required: false })
  @IfPresent()
  @IsIn(VERDICTS)
  verdict?: Verdict;
}
