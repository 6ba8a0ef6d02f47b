import { ApiProperty } from '@nestjs/swagger';
import { IsIn } from 'class-validator';
import { IfPresent } from '../../http/if-present.decorator.js';
import { ListQueryDto } from '../../http/list-query.dto.js';
import { COURSE_ROLES, type CourseRole } from '../enrolment.entity.js';

/** Which members to list. */
export class ListMembersDto extends ListQueryDto {
  /**
   * Only members of this role.
   * @example "student"
   */
  @ApiProperty({ enum: COURSE_ROLES, required: false })
  @IfPresent()
  @IsIn(COURSE_ROLES)
  role?: CourseRole;
}
