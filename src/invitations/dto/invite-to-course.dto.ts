import { ApiProperty } from '@nestjs/swagger';
import { ArrayMaxSize, ArrayMinSize, IsArray, IsIn, IsString } from 'class-validator';
import { COURSE_ROLES, type CourseRole } from '../../courses/enrolment.entity.js';
import { MaxLength } from '../../http/text.decorators.js';

export const MOST_ADDRESSES = 500;

/** Who is to be invited into a course. */
export class InviteToCourseDto {
  /**
   * 1 to 500 e-mail addresses. One that is none makes the others wait for nothing: the answer tells of each.
   * @example ["ada@example.org", "grace@example.org"]
   */
  @ApiProperty({ type: [String], minItems: 1, maxItems: MOST_ADDRESSES })
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(MOST_ADDRESSES)
  @IsString({ each: true })
  @MaxLength(254, { each: true })
  emails: string[];

  /**
   * What they may do in the course.
   * @example "student"
   */
  @ApiProperty({ enum: COURSE_ROLES, enumName: 'CourseRole' })
  @IsIn(COURSE_ROLES)
  role: CourseRole;
}
