import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseEnvironment } from '../../src/config/env.js';
import { type Rate, RateLimits } from '../../src/rates/rate-limits.js';
import { RedisConnections } from '../../src/redis/redis-connections.js';
import { waitFor } from '../support/wait-for.js';

const REDIS_URL = process.env['TEST_REDIS_URL'] ?? 'redis://127.0.0.1:6379';
const prefix = `{assay-test-${randomBytes(6).toString('hex')}}`;

/** Takes connections and commands, and never answers: a Redis that is frozen, or behind a cut. */
let silent: Server;
let silentUrl: string;
const redis = new Redis(REDIS_URL, { lazyConnect: true });

beforeAll(async () => {
  silent = createServer((socket) => socket.on('error', () => undefined).resume()).listen(0, '127.0.0.1');
  await once(silent, 'listening');
  silentUrl = `redis://127.0.0.1:${(silent.address() as AddressInfo).port}`;
});

afterAll(async () => {
  silent.close();
  const keys = await redis.keys(`${prefix.replace(/[[\]{}]/g, '\\$&')}*`);
  if (keys.length > 0) await redis.del(keys);
  redis.disconnect();
});

const someone = (): string => randomBytes(6).toString('hex');

interface Process {
  readonly rates: RateLimits;
  readonly stop: () => void;
}

/** One process of an installation that allows five requests of an account; connected, where there is a Redis. */
async function start(redisUrl: string | undefined, variables: Readonly<Record<string, string>> = {}): Promise<Process> {
  const where = redisUrl === undefined ? {} : { REDIS_URL: redisUrl, REDIS_PREFIX: prefix };
  const environment = parseEnvironment({ RATE_ACCOUNT: '5', RATE_COSTLY: '2', ...where, ...variables });
  const connections = new RedisConnections(environment);
  const rates = new RateLimits(environment, connections);
  if (redisUrl === REDIS_URL && environment.rateCeilings !== null) {
    const probe = someone();
    const key = `${prefix}:rate:signIn:${probe}`;
    await waitFor(
      async () => {
        await rates.count('signIn', probe);
        return (await redis.exists(key)) === 1;
      },
      {
        until: 'it counts in Redis',
        pollEveryMs: 100,
      },
    );
  }
  return { rates, stop: () => connections.onApplicationShutdown() };
}

const places: readonly [string, () => string | undefined][] = [
  ['in memory', () => undefined],
  ['in Redis', () => REDIS_URL],
  ['where Redis is away', () => 'redis://127.0.0.1:1'],
  ['where Redis does not answer', () => silentUrl],
];

describe.each(places)('counting requests %s', (_, url) => {
  it('says where each caller stands, and when there were too many', async () => {
    const { rates, stop } = await start(url());
    try {
      const key = someone();
      const counts: (Rate | null)[] = [];
      for (let request = 0; request < 7; request += 1) counts.push(await rates.count('account', key));
      expect(counts.map((rate) => rate?.remaining)).toEqual([4, 3, 2, 1, 0, -1, -1]);
      for (const rate of counts) {
        expect(rate?.limit).toBe(5);
        expect(rate?.resetSeconds).toBeGreaterThanOrEqual(1);
        expect(rate?.resetSeconds).toBeLessThanOrEqual(60);
      }
      expect((await rates.count('account', someone()))?.remaining).toBe(4);
      expect((await rates.count('costly', key))?.remaining).toBe(1);
    } finally {
      stop();
    }
  });

  it('counts those that come at once', async () => {
    const { rates, stop } = await start(url());
    try {
      const key = someone();
      const counts = await Promise.all(Array.from({ length: 20 }, () => rates.count('account', key)));
      expect(counts.filter((rate) => (rate?.remaining ?? -1) >= 0)).toHaveLength(5);
    } finally {
      stop();
    }
  });

  it('counts nothing where it is switched off', async () => {
    const { rates, stop } = await start(url(), { RATE_LIMITS: 'off' });
    expect(await rates.count('account', someone())).toBeNull();
    stop();
  });
});

describe('counting requests of several processes', () => {
  it('is done together in Redis', async () => {
    const [one, other] = [await start(REDIS_URL), await start(REDIS_URL)];
    try {
      const key = someone();
      const counts: (Rate | null)[] = [];
      for (const { rates } of [one, other, one, other, one, other]) counts.push(await rates.count('account', key));
      expect(counts.map((rate) => rate?.remaining)).toEqual([4, 3, 2, 1, 0, -1]);
    } finally {
      one.stop();
      other.stop();
    }
  });
});
