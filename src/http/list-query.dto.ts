import { ApiProperty } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { IsInt, IsOptional, IsString, Max, Min } from 'class-validator';
import { MaxLength } from './text.decorators.js';

/** What every list takes. */
export class ListQueryDto {
  /**
   * How many to return at most.
   * @example 20
   */
  @Type(() => Number)
  @IsInt()
  @Min(1)
  @Max(100)
  @ApiProperty({ type: 'integer', required: false })
  limit: number = 20;

  /** `nextCursor` of the page before; opaque. Left out: the first page. */
  @IsOptional()
  @IsString()
  @MaxLength(200)
  cursor?: string;
}
