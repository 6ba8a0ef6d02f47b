import { IsString } from 'class-validator';
import { Length } from '../../http/text.decorators.js';

export class MailedTokenDto {
  /**
   * The token of the mailed link: what follows `?token=`. It works once.
   * @example "pQ3vXb0Yk7tq2m5dV8cR1nLwZs4eHj6uGaTfKyPxBoE"
   */
  @IsString()
  @Length(1, 200)
  token: string;
}
