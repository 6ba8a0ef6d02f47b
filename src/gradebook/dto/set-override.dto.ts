import { IsNumber, IsString, Matches, Max, Min } from 'class-validator';
import { IsStorableText, Length } from '../../http/text.decorators.js';

/** A score that staff set in place of the computed one. */
export class SetOverrideDto {
  /**
   * The score that counts from now on, with at most three decimals. It may be above the points to be had, as a bonus. The
   * late policy is not applied to it.
   * @example 9.5
   */
  @IsNumber({ maxDecimalPlaces: 3, allowNaN: false, allowInfinity: false })
  @Min(0)
  @Max(1_000_000)
  score: number;

  /**
   * Why, for those who ask later.
   * @example "The second test was wrong about empty input."
   */
  @IsString()
  @Length(1, 2_000)
  @Matches(/\S/, { message: 'reason must not be blank' })
  @IsStorableText()
  reason: string;
}
