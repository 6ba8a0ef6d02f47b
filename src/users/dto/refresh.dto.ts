import { IsString } from 'class-validator';
import { Length } from '../../http/text.decorators.js';

export class RefreshDto {
  /**
   * The refresh token of the last answer. It can be used once.
   * @example "pQ3vXb0Yk7tq2m5dV8cR1nLwZs4eHj6uGaTfKyPxBoE"
   */
  @IsString()
  @Length(1, 500)
  refreshToken: string;
}
