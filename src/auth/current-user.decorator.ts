import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { DomainError } from '../errors/domain-error.js';
import type { Principal } from './principal.js';

export type AuthenticatedRequest = FastifyRequest & { user?: Principal };

/** The signed-in user of this request, put there by the guard. */
export const CurrentUser = createParamDecorator((_: unknown, context: ExecutionContext): Principal => {
  const { user } = context.switchToHttp().getRequest<AuthenticatedRequest>();
  if (user === undefined) throw new DomainError('unauthenticated', 'unauthenticated', 'Sign in first.');
  return user;
});

/** The signed-in user of a request to a route that is open to everyone as well; null where nobody is. */
export const MaybeUser = createParamDecorator(
  (_: unknown, context: ExecutionContext): Principal | null =>
    context.switchToHttp().getRequest<AuthenticatedRequest>().user ?? null,
);
