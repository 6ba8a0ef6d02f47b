import { IsString } from 'class-validator';
import { IfPresent } from '../../http/if-present.decorator.js';
import { MaxLength } from '../../http/text.decorators.js';

/** What a course asks of those who enrol. */
export class EnrolDto {
  /**
   * The enrolment code, where the course asks for one.
   * @example "K7QW-2MXP"
   */
  @IfPresent()
  @IsString()
  @MaxLength(200)
  code?: string;
}
