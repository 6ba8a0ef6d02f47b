import { ApiProperty } from '@nestjs/swagger';
import { ArrayMaxSize, ArrayMinSize, IsArray, IsIn, IsString } from 'class-validator';
import { MaxLength } from '../../http/text.decorators.js';
import { MOST_ADDRESSES } from './invite-to-course.dto.js';

/** Administrators are not made by mail. */
const INVITED_ROLES = ['student', 'instructor'] as const;

/** Who is to be invited to make an account. */
export class InviteToPlatformDto {
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
   * What they may do on the platform.
   * @example "instructor"
   */
  @ApiProperty({ enum: INVITED_ROLES })
  @IsIn(INVITED_ROLES)
  role: (typeof INVITED_ROLES)[number];
}
