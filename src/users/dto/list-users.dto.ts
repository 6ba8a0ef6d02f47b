import { IsString, Matches, MaxLength } from 'class-validator';
import { IfPresent } from '../../http/if-present.decorator.js';
import { ListQueryDto } from '../../http/list-query.dto.js';
import { SINGLE_LINE } from './trimmed.js';

export class ListUsersDto extends ListQueryDto {
  /**
   * Only users whose e-mail address or name begins with this, whatever the case.
   * @example "ada"
   */
  @IfPresent()
  @IsString()
  @MaxLength(200)
  @Matches(SINGLE_LINE, { message: 'q must not contain control characters' })
  q?: string;
}
