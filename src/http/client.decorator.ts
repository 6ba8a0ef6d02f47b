import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';

const MOST_USER_AGENT = 200;

/** The program at the other end, as far as it can be told. */
export interface Client {
  /** The address that the connection comes from: the load balancer's, where there is one that is not trusted. */
  readonly address: string | null;
  /** What it calls itself, without control characters, at most 200 characters; null where it does not. */
  readonly userAgent: string | null;
}

/** Who sends this request. */
export const ThisClient = createParamDecorator((_: unknown, context: ExecutionContext): Client => {
  return clientOf(context.switchToHttp().getRequest<FastifyRequest>());
});

/** The same where there is no route of Nest's. */
export function clientOf({ ip, headers }: FastifyRequest): Client {
  const name = (headers['user-agent'] ?? '')
    .replaceAll(/[^\p{L}\p{M}\p{N}\p{P}\p{S} ]/gu, '')
    .slice(0, MOST_USER_AGENT);
  return { address: ip === '' ? null : ip.slice(0, 45), userAgent: name === '' ? null : name };
}
