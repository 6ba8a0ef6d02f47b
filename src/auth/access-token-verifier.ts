import { Injectable } from '@nestjs/common';
import { JwtService } from '@nestjs/jwt';
import { AccessTokenStrategy, CLOCK_TOLERANCE_SECONDS, keyOf } from './access-token.strategy.js';
import { ACCESS_TOKEN_ALGORITHM, ACCESS_TOKEN_AUDIENCE, ACCESS_TOKEN_ISSUER } from './access-tokens.js';
import { PERSONAL_TOKEN_PREFIX, PersonalTokens } from './personal-tokens.js';
import type { Principal } from './principal.js';
import { requireScope } from './scope.guard.js';
import { SigningKeys } from './signing-keys.js';

/** Checks access tokens where no guard does: outside of Nest's routes, and where a token is one way in among others. */
@Injectable()
export class AccessTokenVerifier {
  constructor(
    private readonly jwt: JwtService,
    private readonly keys: SigningKeys,
    private readonly strategy: AccessTokenStrategy,
    private readonly personalTokens: PersonalTokens,
  ) {}

  /**
   * Whom the token stands for, by the same rules as everywhere; null when it is not valid (any more).
   *
   * @throws DomainError `forbidden` for a personal access token without the scope `admin`
   */
  async verify(token: string): Promise<Principal | null> {
    if (token.startsWith(PERSONAL_TOKEN_PREFIX)) {
      const principal = await this.personalTokens.find(token);
      // What is asked here is for administrators.
      if (principal !== null) requireScope(principal, 'admin');
      return principal;
    }
    const key = keyOf(token, this.keys);
    if (key === null) return null;
    let claims: Record<string, unknown>;
    try {
      claims = await this.jwt.verifyAsync(token, {
        secret: key.export(),
        algorithms: [ACCESS_TOKEN_ALGORITHM],
        issuer: ACCESS_TOKEN_ISSUER,
        audience: ACCESS_TOKEN_AUDIENCE,
        clockTolerance: CLOCK_TOLERANCE_SECONDS,
      });
    } catch {
      // Forged, expired or for somebody else: which one is nobody's business.
      return null;
    }
    return (await this.strategy.validate(claims)) || null;
  }
}
