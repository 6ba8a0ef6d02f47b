import { Transform } from 'class-transformer';
import { ApiProperty } from '@nestjs/swagger';
import { IsBoolean, IsIn, IsString } from 'class-validator';
import { IfPresent } from '../../http/if-present.decorator.js';
import { IsSingleLine, Length } from '../../http/text.decorators.js';
import { PLATFORM_ROLES, type PlatformRole } from '../user.entity.js';
import { trimmed } from './trimmed.js';

/** A JSON merge patch (RFC 7396) of any account. */
export class ManageUserDto {
  /**
   * The name that others see: 1 to 200 characters on one line.
   * @example "Ada King"
   */
  @IfPresent()
  @Transform(trimmed)
  @IsString()
  @Length(1, 200)
  @IsSingleLine()
  name?: string;

  /**
   * What the user may do on the platform. A new role ends all sessions of the user.
   * @example "instructor"
   */
  @IfPresent()
  @IsIn(PLATFORM_ROLES)
  @ApiProperty({ enum: PLATFORM_ROLES, enumName: 'PlatformRole', required: false })
  role?: PlatformRole;

  /**
   * True ends all sessions of the user and lets them sign in no more; nothing of theirs is deleted.
   * @example true
   */
  @IfPresent()
  @IsBoolean()
  disabled?: boolean;
}
