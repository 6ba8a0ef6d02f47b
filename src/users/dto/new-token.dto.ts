import type { PersonalAccessToken } from '../personal-access-token.entity.js';
import { TokenDto } from './token.dto.js';

/** A personal access token that was just made. */
export class NewTokenDto extends TokenDto {
  /**
   * The token itself, sent as `Authorization: Bearer …`. Only this answer has it: keep it now.
   * @example "assay_pat_3f2b…"
   */
  token: string;

  static of(token: PersonalAccessToken, text: string): NewTokenDto {
    return Object.assign(new NewTokenDto(), TokenDto.fieldsOf(token), { token: text });
  }
}
