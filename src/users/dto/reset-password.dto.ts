import { IsString } from 'class-validator';
import { Length } from '../../http/text.decorators.js';
import { MailedTokenDto } from './mailed-token.dto.js';

export class ResetPasswordDto extends MailedTokenDto {
  /**
   * The new password: 8 to 128 characters of any kind. Must not be the e-mail address.
   * @example "another horse, another battery"
   */
  @IsString()
  @Length(8, 128)
  password: string;
}
