import { isIPv6 } from 'node:net';
import { Injectable, Logger } from '@nestjs/common';
import { RateLimiterMemory, RateLimiterRedis, RateLimiterRes } from 'rate-limiter-flexible';
import { Environment } from '../config/env.js';
import type { RateCeilings } from '../config/http-settings.js';
import { codeOf } from '../errors/error-code.js';
import { RedisConnections } from '../redis/redis-connections.js';

/** What is counted: each has a ceiling of its own, and keys of its own. */
export type RateKind = keyof RateCeilings;

/** Requests are counted by the minute, from the first that comes. */
const WINDOW_S = 60;
/** No request waits longer for Redis; after that, and for a second more, this process counts alone. */
const REDIS_PATIENCE_MS = 250;
const REDIS_PAUSE_MS = 1_000;

/** Where a caller stands after a request. */
export interface Rate {
  readonly limit: number;
  /** Negative where there were more than the ceiling allows. */
  readonly remaining: number;
  /** Whole seconds until the count starts anew; at least 1. */
  readonly resetSeconds: number;
}

interface Counters {
  readonly alone: RateLimiterMemory;
  /** Null without Redis. */
  readonly together: RateLimiterRedis | null;
}

/**
 * Counts requests by the minute: all processes together in Redis, or each by itself in its memory, where there is no Redis or
 * while it is away. A limit is then as many times as high as there are processes, which is better than no API.
 */
@Injectable()
export class RateLimits {
  private readonly logger = new Logger(RateLimits.name);
  private readonly counters: Readonly<Record<RateKind, Counters>> | null;
  private redisAwayUntil = 0;
  // At the start no connection stands yet, which is no news.
  private isAlone = true;

  constructor(environment: Environment, redis: RedisConnections) {
    const ceilings = environment.rateCeilings;
    const client =
      ceilings === null || !redis.isConfigured
        ? null
        : // Its own, since it does not queue: whoever asks while Redis is away must know at once.
          redis.create('rates', {
            enableOfflineQueue: false,
            maxRetriesPerRequest: 0,
            commandTimeout: REDIS_PATIENCE_MS,
          });
    const countersOf = (kind: RateKind, points: number): Counters => {
      const options = { points, duration: WINDOW_S, keyPrefix: `${redis.prefix}:rate:${kind}` };
      return {
        alone: new RateLimiterMemory(options),
        together:
          client === null
            ? null
            : new RateLimiterRedis({
                ...options,
                storeClient: client,
                rejectIfRedisNotReady: true,
                // Whoever goes on beyond the ceiling is refused from memory.
                inMemoryBlockOnConsumed: points + 1,
              }),
      };
    };
    this.counters =
      ceilings === null
        ? null
        : {
            account: countersOf('account', ceilings.account),
            address: countersOf('address', ceilings.address),
            signIn: countersOf('signIn', ceilings.signIn),
            costly: countersOf('costly', ceilings.costly),
          };
  }

  /** Counts one request. Null where requests are not counted. Never fails. */
  async count(kind: RateKind, key: string): Promise<Rate | null> {
    if (this.counters === null) return null;
    const { alone, together } = this.counters[kind];
    if (together !== null && performance.now() >= this.redisAwayUntil) {
      try {
        const rate = await consume(together, key);
        this.isAlone = false;
        return rate;
      } catch (error) {
        this.redisAwayUntil = performance.now() + REDIS_PAUSE_MS;
        this.complain(error);
      }
    }
    return consume(alone, key);
  }

  /** Once for each time that Redis goes away. */
  private complain(error: unknown): void {
    if (this.isAlone) return;
    this.isAlone = true;
    this.logger.warn({ code: codeOf(error) }, 'Requests are counted in this process alone: Redis does not answer');
  }
}

/** @throws whatever the store threw */
async function consume(limiter: RateLimiterMemory | RateLimiterRedis, key: string): Promise<Rate> {
  const rateOf = (result: RateLimiterRes, isWithin: boolean): Rate => ({
    limit: limiter.points,
    remaining: isWithin ? result.remainingPoints : -1,
    resetSeconds: Math.max(1, Math.ceil(result.msBeforeNext / 1_000)),
  });
  try {
    return rateOf(await limiter.consume(key), true);
  } catch (error) {
    if (error instanceof RateLimiterRes) return rateOf(error, false);
    throw error;
  }
}

function groupsOf(part: string): string[] {
  return part === '' ? [] : part.split(':');
}

/** The key of an address. One household or one rented server has a whole /64 of IPv6: they count as one. */
export function addressKey(ip: string): string {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(ip)?.[1];
  if (mapped !== undefined) return mapped;
  if (!isIPv6(ip)) return ip;
  const [head = '', tail] = (ip.split('%', 1)[0] ?? '').split('::', 2);
  const [first, last] = [groupsOf(head), groupsOf(tail ?? '')];
  const missing = tail === undefined ? 0 : 8 - first.length - last.length;
  const all = [...first, ...Array.from({ length: Math.max(0, missing) }, () => '0'), ...last];
  return `${all
    .slice(0, 4)
    .map((group) => Number.parseInt(group, 16).toString(16))
    .join(':')}::/64`;
}
