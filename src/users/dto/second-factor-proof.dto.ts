import { IsString } from 'class-validator';
import { Length } from '../../http/text.decorators.js';
import { CurrentPasswordDto } from './current-password.dto.js';

export class SecondFactorProofDto extends CurrentPasswordDto {
  /**
   * A code of the authenticator program, or a recovery code.
   * @example "123456"
   */
  @IsString()
  @Length(1, 40)
  code: string;
}
