import { ApiProperty } from '@nestjs/swagger';
import { TOKEN_SCOPES, type TokenScope } from '../../auth/token-scopes.js';
import type { PersonalAccessToken } from '../personal-access-token.entity.js';
import { scopesOf } from '../personal-access-tokens.js';

/** A personal access token, without what it is used with. */
export class TokenDto {
  /**
   * UUIDv7.
   * @example "01a1f93b-a283-7197-87f1-4221b13d5ab0"
   */
  id: string;

  /**
   * What its owner knows it by.
   * @example "CI of the course repository"
   */
  name: string;

  /**
   * What it may be used for.
   * @example ["read", "submit"]
   */
  @ApiProperty({ enum: TOKEN_SCOPES, enumName: 'TokenScope', isArray: true })
  scopes: TokenScope[];

  /**
   * When it was made.
   * @example "2026-11-30T12:00:00.000Z"
   */
  createdAt: Date;

  /**
   * When it ends.
   * @example "2027-02-28T12:00:00.000Z"
   */
  expiresAt: Date;

  /**
   * When it was last used, to the minute; null while it was not.
   * @example null
   */
  lastUsedAt: Date | null;

  static from(token: PersonalAccessToken): TokenDto {
    return Object.assign(new TokenDto(), TokenDto.fieldsOf(token));
  }

  protected static fieldsOf(token: PersonalAccessToken): TokenDto {
    const { id, name, createdAt, expiresAt, lastUsedAt } = token;
    return { id, name, scopes: [...scopesOf(token)], createdAt, expiresAt, lastUsedAt };
  }
}
