import { Transform } from 'class-transformer';
import { IsString } from 'class-validator';
import { IfPresent } from '../../http/if-present.decorator.js';
import { IsSingleLine, Length, MaxLength } from '../../http/text.decorators.js';
import { emailFromJson } from './email-from-json.js';

export class LoginDto {
  /**
   * The e-mail address of the account; upper and lower case count as the same.
   * @example "ada@example.org"
   */
  @Transform(emailFromJson)
  @IsSingleLine()
  @MaxLength(254)
  email: string;

  /**
   * The password.
   * @example "correct horse battery"
   */
  @IsString()
  @Length(1, 1_000)
  password: string;

  /**
   * Where the account has a second factor: the code that the authenticator program shows, or a recovery code.
   * @example "123456"
   */
  @IfPresent()
  @IsString()
  @Length(1, 40)
  code?: string;
}
