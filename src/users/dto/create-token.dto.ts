import { ApiProperty } from '@nestjs/swagger';
import { Transform } from 'class-transformer';
import { ArrayMaxSize, ArrayMinSize, IsArray, IsIn, IsString } from 'class-validator';
import { TOKEN_SCOPES, type TokenScope } from '../../auth/token-scopes.js';
import { IfPresent } from '../../http/if-present.decorator.js';
import { IsInstant } from '../../http/instant.decorator.js';
import { IsSingleLine, Length } from '../../http/text.decorators.js';
import { trimmed } from './trimmed.js';

/** A personal access token to be made. */
export class CreateTokenDto {
  /**
   * What its owner will know it by.
   * @example "CI of the course repository"
   */
  @Transform(trimmed)
  @IsString()
  @Length(1, 100)
  @IsSingleLine()
  name: string;

  /**
   * What it may be used for, each by itself. `read`: reading. `submit`: handing in, and cancelling. `manage`: every other change.
   * `admin`: what only administrators may do.
   * @example ["read", "submit"]
   */
  @ApiProperty({
    enum: TOKEN_SCOPES,
    enumName: 'TokenScope',
    isArray: true,
    minItems: 1,
    maxItems: TOKEN_SCOPES.length,
  })
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(TOKEN_SCOPES.length)
  @IsIn(TOKEN_SCOPES, { each: true })
  scopes: TokenScope[];

  /**
   * When it ends, at most 366 days from now. Left out: in 90 days.
   * @example "2027-02-28T12:00:00.000Z"
   */
  @IfPresent()
  @IsInstant()
  expiresAt?: Date;
}
