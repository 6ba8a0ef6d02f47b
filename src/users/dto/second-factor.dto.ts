import { ApiProperty } from '@nestjs/swagger';

/** How the second factor of an account stands. */
export class SecondFactorDto {
  /** Whether signing in needs a code. */
  enabled: boolean;

  /**
   * Since when; null while it is off.
   * @example "2026-03-01T09:30:00.000Z"
   */
  since: Date | null;

  /**
   * Recovery codes that were not used yet.
   * @example 10
   */
  @ApiProperty({ type: 'integer' })
  recoveryCodesLeft: number;
}
