import { IfPresent } from '../../http/if-present.decorator.js';
import { ListQueryDto } from '../../http/list-query.dto.js';
import { IsStorableText, MaxLength } from '../../http/text.decorators.js';

export class ListUsersDto extends ListQueryDto {
  /**
   * Only users whose e-mail address or name begins with this, whatever the case.
   * @example "ada"
   */
  @IfPresent()
  @MaxLength(200)
  @IsStorableText()
  q?: string;
}
