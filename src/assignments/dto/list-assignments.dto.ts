import { ApiProperty } from '@nestjs/swagger';
import { IsIn } from 'class-validator';
import { IfPresent } from '../../http/if-present.decorator.js';
import { ListQueryDto } from '../../http/list-query.dto.js';
import { ASSIGNMENT_STATUSES, type AssignmentStatus } from '../assignment.entity.js';

/** Which assignments to list. */
export class ListAssignmentsDto extends ListQueryDto {
  /**
   * Only assignments of this status. Students only ever get published ones.
   * @example "published"
   */
  @ApiProperty({ enum: ASSIGNMENT_STATUSES, required: false })
  @IfPresent()
  @IsIn(ASSIGNMENT_STATUSES)
  status?: AssignmentStatus;
}
