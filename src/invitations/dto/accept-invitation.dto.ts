import { Transform } from 'class-transformer';
import { IsString } from 'class-validator';
import { IfPresent } from '../../http/if-present.decorator.js';
import { IsSingleLine, Length } from '../../http/text.decorators.js';
import { MailedTokenDto } from '../../users/dto/mailed-token.dto.js';
import { trimmed } from '../../users/dto/trimmed.js';

export class AcceptInvitationDto extends MailedTokenDto {
  /**
   * For a new account: the name that others see, 1 to 200 characters on one line.
   * @example "Ada Lovelace"
   */
  @IfPresent()
  @Transform(trimmed)
  @IsString()
  @Length(1, 200)
  @IsSingleLine()
  name?: string;

  /**
   * For a new account: 8 to 128 characters of any kind. Must not be the e-mail address.
   * @example "correct horse battery"
   */
  @IfPresent()
  @IsString()
  @Length(8, 128)
  password?: string;
}
