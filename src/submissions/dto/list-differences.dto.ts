import { ApiProperty } from '@nestjs/swagger';
import { Transform } from 'class-transformer';
import { IsBoolean } from 'class-validator';
import { IfPresent } from '../../http/if-present.decorator.js';
import { ListQueryDto } from '../../http/list-query.dto.js';

/** Which differences to list. */
export class ListDifferencesDto extends ListQueryDto {
  /**
   * `true`: only submissions whose verdict, score or points to be had differ; `false`: only those in which none of them does.
   * @example true
   */
  @ApiProperty({ type: Boolean, required: false })
  @IfPresent()
  @Transform(({ value }: { value: unknown }) => (value === 'true' ? true : value === 'false' ? false : value))
  @IsBoolean()
  changed?: boolean;
}
