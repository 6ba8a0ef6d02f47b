import type { KeyObject } from 'node:crypto';
import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { PassportStrategy } from '@nestjs/passport';
import passport from 'passport';
import { ExtractJwt, Strategy } from 'passport-jwt';
import { newId } from '../database/new-id.js';
import {
  ACCESS_TOKEN_ALGORITHM,
  ACCESS_TOKEN_AUDIENCE,
  ACCESS_TOKEN_ISSUER,
  ACCESS_TOKEN_TYPE,
} from './access-tokens.js';
import { AccountStatus } from './account-status.js';
import type { Principal } from './principal.js';
import { SigningKeys } from './signing-keys.js';
import { readTokenHeader } from './token-header.js';

/** How far the clocks of two API hosts may differ. */
export const CLOCK_TOLERANCE_SECONDS = 30;

/**
 * The key for a token, chosen by its `kid` among our own. Key material or addresses in the header (`jwk`, `jku`, `x5u`) are
 * never looked at, and extensions that we would have to understand (`crit`) are refused (RFC 7515, section 4.1.11).
 */
export function keyOf(token: string, keys: SigningKeys): KeyObject | null {
  const header = readTokenHeader(token);
  if (header === null || header['typ'] !== ACCESS_TOKEN_TYPE || 'crit' in header) return null;
  return typeof header['kid'] === 'string' ? keys.find(header['kid']) : null;
}

/** Who an access token stands for: signed by us, in time, and of an account that may still act. */
@Injectable()
export class AccessTokenStrategy extends PassportStrategy(Strategy) implements OnApplicationShutdown {
  /** Passport keeps strategies by name for the whole process; two applications in one process must not share one. */
  override readonly name = `access-token-${newId()}`;

  constructor(
    keys: SigningKeys,
    private readonly accounts: AccountStatus,
  ) {
    super({
      jwtFromRequest: ExtractJwt.fromAuthHeaderAsBearerToken(),
      secretOrKeyProvider: (_request: unknown, token: string, done: (error: Error | null, key?: Buffer) => void) => {
        const key = keyOf(token, keys);
        if (key === null) {
          done(new Error('The access token was not signed by this server.'));
        } else {
          // It goes to jsonwebtoken as it is, which takes key objects; only passport-jwt's types do not say so.
          // oxlint-disable-next-line typescript/no-unsafe-type-assertion
          done(null, key as KeyObject & Buffer);
        }
      },
      algorithms: [ACCESS_TOKEN_ALGORITHM],
      issuer: ACCESS_TOKEN_ISSUER,
      audience: ACCESS_TOKEN_AUDIENCE,
      // Marked as deprecated for the options that have moved out of it; this one has not.
      // oxlint-disable-next-line typescript/no-deprecated
      jsonWebTokenOptions: { clockTolerance: CLOCK_TOLERANCE_SECONDS },
    });
    passport.use(this.name, this);
  }

  onApplicationShutdown(): void {
    passport.unuse(this.name);
  }

  /** Called with the claims of a token whose signature, time, issuer and audience are right. False refuses it. */
  async validate(claims: {
    readonly sub?: unknown;
    readonly ver?: unknown;
    readonly exp?: unknown;
    readonly sid?: unknown;
  }): Promise<Principal | false> {
    if (typeof claims.sub !== 'string' || typeof claims.exp !== 'number') return false;
    const account = await this.accounts.find(claims.sub);
    if (account === null || account.tokenVersion !== claims.ver) return false;
    return {
      userId: claims.sub,
      role: account.role,
      ...(account.mustVerifyEmail === true ? { mustVerifyEmail: true } : {}),
      ...(typeof claims.sid === 'string' ? { sessionId: claims.sid } : {}),
    };
  }
}
