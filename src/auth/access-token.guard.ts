import { type ExecutionContext, Injectable } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { AuthGuard } from '@nestjs/passport';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { DomainError } from '../errors/domain-error.js';
import { countRequest } from '../rates/count-request.js';
import { RateLimits } from '../rates/rate-limits.js';
import { AccessTokenStrategy } from './access-token.strategy.js';
import type { AuthenticatedRequest } from './current-user.decorator.js';
import { PERSONAL_TOKEN_PREFIX, PersonalTokens } from './personal-tokens.js';
import { OR_SIGNED_IN, PUBLIC_ROUTE } from './public.decorator.js';

/**
 * Lets a request through when its route is `@Public()` or it carries a valid access token, or personal access token, whose
 * user it then has.
 */
@Injectable()
export class AccessTokenGuard extends AuthGuard() {
  constructor(
    strategy: AccessTokenStrategy,
    private readonly reflector: Reflector,
    private readonly personalTokens: PersonalTokens,
    private readonly rates: RateLimits,
  ) {
    super({ defaultStrategy: strategy.name, session: false });
  }

  override async canActivate(context: ExecutionContext): Promise<boolean> {
    const isPublic = this.reflector.getAllAndOverride<boolean | string | undefined>(PUBLIC_ROUTE, [
      context.getHandler(),
      context.getClass(),
    ]);
    if (isPublic === true) return true;
    const { authorization } = context.switchToHttp().getRequest<AuthenticatedRequest>().headers;
    if (isPublic === OR_SIGNED_IN && authorization === undefined) return true;
    try {
      return await this.authenticate(context);
    } catch (error) {
      if (error instanceof DomainError && error.kind === 'unauthenticated') {
        // Behind this guard nobody counts it any more.
        const http = context.switchToHttp();
        const counted = [{ kind: 'address' as const }];
        await countRequest(this.rates, http.getRequest<FastifyRequest>(), http.getResponse<FastifyReply>(), counted);
      }
      throw error;
    }
  }

  private async authenticate(context: ExecutionContext): Promise<boolean> {
    const request = context.switchToHttp().getRequest<AuthenticatedRequest>();
    const token = personalTokenOf(request.headers.authorization);
    if (token !== null) {
      request.user = this.handleRequest(null, await this.personalTokens.find(token), null, context);
      return true;
    }
    return (await super.canActivate(context)) === true;
  }

  /**
   * @param error of ours, such as a database that is away: not the caller's fault, so no 401
   */
  override handleRequest<User>(
    error: unknown,
    user: User | false | null | undefined,
    _info: unknown,
    context: ExecutionContext,
  ): User {
    if (error !== null && error !== undefined) {
      throw error instanceof Error ? error : new Error('The access token could not be checked.', { cause: error });
    }
    if (user !== false && user !== null && user !== undefined) return user;
    const { authorization } = context.switchToHttp().getRequest<AuthenticatedRequest>().headers;
    if (authorization === undefined) {
      throw new DomainError(
        'unauthenticated',
        'unauthenticated',
        'Sign in and send the access token as "Authorization: Bearer …".',
      );
    }
    throw new DomainError(
      'unauthenticated',
      'invalid_token',
      'The access token is not valid, or not any more: refresh it, or sign in again.',
    );
  }
}

/** The personal access token of an `Authorization` header; null where there is none. */
function personalTokenOf(header: string | undefined): string | null {
  const token = /^bearer +(\S+)$/i.exec(header ?? '')?.[1];
  return token?.startsWith(PERSONAL_TOKEN_PREFIX) === true ? token : null;
}
