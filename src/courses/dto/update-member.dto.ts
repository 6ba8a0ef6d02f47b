import { ApiProperty } from '@nestjs/swagger';
import { IsIn } from 'class-validator';
import { IfPresent } from '../../http/if-present.decorator.js';
import { COURSE_ROLES, type CourseRole } from '../enrolment.entity.js';

/** Changes to a membership, as a merge patch (RFC 7396). */
export class UpdateMemberDto {
  /**
   * What they may do in the course from now on.
   * @example "instructor"
   */
  @ApiProperty({ enum: COURSE_ROLES, required: false })
  @IfPresent()
  @IsIn(COURSE_ROLES)
  role?: CourseRole;
}
