import { IsString } from 'class-validator';
import { Length } from '../../http/text.decorators.js';

export class CurrentPasswordDto {
  /**
   * The password of the account.
   * @example "correct horse battery"
   */
  @IsString()
  @Length(1, 1_000)
  currentPassword: string;
}
