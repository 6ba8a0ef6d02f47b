import { ApiProperty } from '@nestjs/swagger';
import { IsIn, IsString, IsUUID } from 'class-validator';
import { IfPresent } from '../../http/if-present.decorator.js';
import { IsEmail, MaxLength } from '../../http/text.decorators.js';
import { COURSE_ROLES, type CourseRole } from '../enrolment.entity.js';

/** Who is to come into a course; exactly one of `email` and `userId` names them. */
export class AddMemberDto {
  /**
   * E-mail address of somebody who has an account.
   * @example "ada@example.org"
   */
  @IfPresent()
  @IsString()
  @MaxLength(254)
  @IsEmail()
  email?: string;

  /**
   * Id of the user.
   * @example "01a1f93b-a283-7197-87f1-4221b13d5ab0"
   */
  @IfPresent()
  @IsUUID()
  userId?: string;

  /**
   * What they may do in the course.
   * @example "assistant"
   */
  @ApiProperty({ enum: COURSE_ROLES })
  @IsIn(COURSE_ROLES)
  role: CourseRole;
}
