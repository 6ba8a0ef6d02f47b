import type { FastifyReply, FastifyRequest } from 'fastify';
import { DomainError } from '../errors/domain-error.js';
import { addressKey, type Rate, type RateKind, type RateLimits } from './rate-limits.js';

/** Something that a request counts as: of an account, or else of the address that it came from. */
export interface Counted {
  readonly kind: RateKind;
  readonly userId?: string;
}

/**
 * Counts a request, and tells the caller where they stand in the `RateLimit-*` headers: of several counts, by the one that is
 * nearest to its end.
 *
 * @throws DomainError `limit_exceeded` (`rate_limited`)
 */
export async function countRequest(
  rates: RateLimits,
  request: FastifyRequest,
  reply: FastifyReply,
  counted: readonly Counted[],
): Promise<void> {
  const found = await Promise.all(
    counted.map(({ kind, userId }) => rates.count(kind, userId ?? addressKey(request.ip))),
  );
  const [tightest] = found.filter((rate): rate is Rate => rate !== null).sort((a, b) => a.remaining - b.remaining);
  if (tightest === undefined) return;
  const { limit, remaining, resetSeconds } = tightest;
  void reply
    .header('ratelimit-limit', String(limit))
    .header('ratelimit-remaining', String(Math.max(0, remaining)))
    .header('ratelimit-reset', String(resetSeconds));
  if (remaining >= 0) return;
  throw new DomainError(
    'limit_exceeded',
    'rate_limited',
    `More than ${limit} such requests came within a minute. Wait ${resetSeconds} s, then go on more slowly.`,
    { retryAfterSeconds: resetSeconds },
  );
}
