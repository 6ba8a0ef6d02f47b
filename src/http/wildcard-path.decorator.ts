import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';

/** What stands in the place of the `*` at the end of a route, decoded; slashes in it may be escaped or not. */
export const WildcardPath = createParamDecorator((_: unknown, context: ExecutionContext): string => {
  const { params } = context.switchToHttp().getRequest<FastifyRequest<{ Params: Readonly<Record<string, string>> }>>();
  return params['*'] ?? '';
});
