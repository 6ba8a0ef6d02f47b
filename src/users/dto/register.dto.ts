import { Transform } from 'class-transformer';
import { IsString } from 'class-validator';
import { IsEmail, IsSingleLine, Length, MaxLength } from '../../http/text.decorators.js';
import { emailFromJson } from './email-from-json.js';
import { trimmed } from './trimmed.js';

export class RegisterDto {
  /**
   * An e-mail address that no other account has; kept in lower case.
   * @example "ada@example.org"
   */
  @Transform(emailFromJson)
  @IsEmail()
  @MaxLength(254)
  email: string;

  /**
   * 8 to 128 characters of any kind; a whole sentence is a good password. Must not be the e-mail address.
   * @example "correct horse battery"
   */
  @IsString()
  @Length(8, 128)
  password: string;

  /**
   * The name that others see: 1 to 200 characters on one line.
   * @example "Ada Lovelace"
   */
  @Transform(trimmed)
  @IsString()
  @Length(1, 200)
  @IsSingleLine()
  name: string;
}
