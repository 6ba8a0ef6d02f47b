import { Transform } from 'class-transformer';
import { IsString } from 'class-validator';
import { IfPresent } from '../../http/if-present.decorator.js';
import { IsSingleLine, Length } from '../../http/text.decorators.js';
import { trimmed } from './trimmed.js';

/** A JSON merge patch (RFC 7396) of one's own account. */
export class UpdateMeDto {
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
   * A new password of 8 to 128 characters. It ends all sessions, this one too: sign in again.
   * @example "another horse, another battery"
   */
  @IfPresent()
  @IsString()
  @Length(8, 128)
  password?: string;

  /**
   * The password until now; needed with `password`.
   * @example "correct horse battery"
   */
  @IfPresent()
  @IsString()
  @Length(1, 1_000)
  currentPassword?: string;
}
