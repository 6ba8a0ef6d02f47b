import { Transform } from 'class-transformer';
import { IsString } from 'class-validator';
import { IsEmail, Length, MaxLength } from '../../http/text.decorators.js';
import { emailFromJson } from './email-from-json.js';

export class ChangeEmailDto {
  /**
   * The new e-mail address.
   * @example "ada.king@example.org"
   */
  @Transform(emailFromJson)
  @IsEmail()
  @MaxLength(254)
  email: string;

  /**
   * The password of the account.
   * @example "correct horse battery"
   */
  @IsString()
  @Length(1, 1_000)
  currentPassword: string;
}
