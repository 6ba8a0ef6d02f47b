import { ApiProperty } from '@nestjs/swagger';
import { IsIn } from 'class-validator';
import { IfPresent } from '../../http/if-present.decorator.js';
import { ListQueryDto } from '../../http/list-query.dto.js';
import { COURSE_STATUSES, type CourseStatus } from '../course.entity.js';

/** Which courses to list. */
export class ListCoursesDto extends ListQueryDto {
  /**
   * Only courses of this status.
   * @example "published"
   */
  @ApiProperty({ enum: COURSE_STATUSES, required: false })
  @IfPresent()
  @IsIn(COURSE_STATUSES)
  status?: CourseStatus;

  /**
   * `true`: only courses in which the caller is enrolled.
   * @example "true"
   */
  @ApiProperty({ enum: ['true', 'false'], required: false })
  @IfPresent()
  @IsIn(['true', 'false'])
  mine?: 'true' | 'false';
}
