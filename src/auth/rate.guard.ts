import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { FastifyReply } from 'fastify';
import { type Counted, countRequest } from '../rates/count-request.js';
import { RATE_KIND } from './counted-as.decorator.js';
import { type RateKind, RateLimits } from '../rates/rate-limits.js';
import type { AuthenticatedRequest } from './current-user.decorator.js';

/** Load balancers ask this all the time, and must not be told that they ask too often. */
const UNCOUNTED = /^\/health\//;

/**
 * Counts requests, behind the guard that tells who asks. Whoever is signed in counts by account, so that a class behind one
 * address is no crowd; all others count by address.
 */
@Injectable()
export class RateGuard implements CanActivate {
  constructor(
    private readonly reflector: Reflector,
    private readonly rates: RateLimits,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const http = context.switchToHttp();
    const request = http.getRequest<AuthenticatedRequest>();
    if (UNCOUNTED.test(request.url)) return true;
    const kind = this.reflector.getAllAndOverride<RateKind | undefined>(RATE_KIND, [
      context.getHandler(),
      context.getClass(),
    ]);
    const userId = request.user?.userId;
    const who = userId === undefined ? {} : { userId };
    const counted: Counted[] = [{ kind: userId === undefined ? 'address' : 'account', ...who }];
    if (kind !== undefined) counted.push(kind === 'signIn' ? { kind } : { kind, ...who });
    await countRequest(this.rates, request, http.getResponse<FastifyReply>(), counted);
    return true;
  }
}
