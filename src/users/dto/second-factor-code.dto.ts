import { IsString } from 'class-validator';
import { Length } from '../../http/text.decorators.js';

export class SecondFactorCodeDto {
  /**
   * The code that the authenticator program shows now.
   * @example "123456"
   */
  @IsString()
  @Length(1, 40)
  code: string;
}
