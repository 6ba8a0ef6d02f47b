import { ApiProperty } from '@nestjs/swagger';
import { Transform } from 'class-transformer';
import { IsBoolean } from 'class-validator';
import { IfPresent } from '../../http/if-present.decorator.js';

/** How an assignment is changed. */
export class UpdateAssignmentQueryDto {
  /**
   * `true`: it is published though its model submissions have not proved its grading.
   * @example true
   */
  @ApiProperty({ type: Boolean, required: false })
  @IfPresent()
  @Transform(({ value }: { value: unknown }) => (value === 'true' ? true : value === 'false' ? false : value))
  @IsBoolean()
  unproven?: boolean;
}
