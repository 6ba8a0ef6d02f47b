import { Transform } from 'class-transformer';
import { IsSingleLine, MaxLength } from '../../http/text.decorators.js';
import { emailFromJson } from './email-from-json.js';

export class ForgotPasswordDto {
  /**
   * The e-mail address of the account; upper and lower case count as the same.
   * @example "ada@example.org"
   */
  @Transform(emailFromJson)
  @IsSingleLine()
  @MaxLength(254)
  email: string;
}
