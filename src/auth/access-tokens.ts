import { Injectable } from '@nestjs/common';
import { JwtService } from '@nestjs/jwt';
import { newId } from '../database/new-id.js';
import type { Principal } from './principal.js';
import { SigningKeys } from './signing-keys.js';

/** How long an access token is valid, in seconds. */
export const ACCESS_TOKEN_SECONDS = 15 * 60;

/** What every access token says and every verification asks for. */
export const ACCESS_TOKEN_ISSUER = 'assay';
export const ACCESS_TOKEN_AUDIENCE = 'assay-api';
export const ACCESS_TOKEN_ALGORITHM = 'HS256';
/** RFC 9068: tells access tokens from all other JWTs. */
export const ACCESS_TOKEN_TYPE = 'at+jwt';

/** Signs access tokens. */
@Injectable()
export class AccessTokens {
  constructor(
    private readonly jwt: JwtService,
    private readonly keys: SigningKeys,
  ) {}

  /** A token for a user as they are now; a later `tokenVersion` makes it invalid. */
  sign({ userId, role, sessionId }: Principal, tokenVersion: number): string {
    const { id, key } = this.keys.newest;
    return this.jwt.sign(
      { role, ver: tokenVersion, ...(sessionId === undefined ? {} : { sid: sessionId }) },
      {
        privateKey: key,
        algorithm: ACCESS_TOKEN_ALGORITHM,
        header: { alg: ACCESS_TOKEN_ALGORITHM, typ: ACCESS_TOKEN_TYPE },
        keyid: id,
        subject: userId,
        issuer: ACCESS_TOKEN_ISSUER,
        audience: ACCESS_TOKEN_AUDIENCE,
        expiresIn: ACCESS_TOKEN_SECONDS,
        jwtid: newId(),
      },
    );
  }
}
