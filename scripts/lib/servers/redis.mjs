import { findProgram } from '../processes.mjs';
import { dataFolder, freePort, ordinaryUser, startServer } from './private-server.mjs';

const PORT = 6379;
const KEYS_AT_A_TIME = 500;

/** Does some work with a connection of its own to a Redis. */
export async function withRedis(port, work) {
  const { Redis } = await import('ioredis');
  const redis = new Redis({
    host: '127.0.0.1',
    port,
    lazyConnect: true,
    connectTimeout: 3_000,
    // One attempt: who waits for a server to come up asks again.
    retryStrategy: () => null,
    maxRetriesPerRequest: 0,
  });
  redis.on('error', () => {});
  try {
    await redis.connect();
    return await work(redis);
  } finally {
    redis.disconnect();
  }
}

async function versionOf(port) {
  const info = await withRedis(port, (redis) => redis.info('server'));
  return /redis_version:(\S+)/.exec(info)?.[1] ?? 'of an unknown version';
}

/** Redis, without a password. Tests share one and keep apart by the prefix of their keys. */
export const redis = {
  title: 'Redis',
  debian: ['redis-server'],
  variable: 'TEST_REDIS_URL',

  async findRunning() {
    const version = await versionOf(PORT).catch(() => null);
    return version === null ? null : { port: PORT, version };
  },

  async installed() {
    return (await findProgram('redis-server', 'valkey-server')) !== null;
  },

  async startPrivate(cleanup) {
    const [file, port, folder] = await Promise.all([
      findProgram('redis-server', 'valkey-server'),
      freePort(),
      dataFolder('redis', cleanup),
    ]);
    await startServer(
      {
        title: 'Redis',
        file,
        args: ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no', '--dir', folder],
        user: await ordinaryUser(folder, 'redis'),
        answers: () => withRedis(port, (client) => client.ping()),
      },
      cleanup,
    );
    return { port, version: await versionOf(port) };
  },

  url: ({ port }) => `redis://127.0.0.1:${port}`,

  /** There are no databases to make: a run's name is the prefix of its keys. */
  createDatabase: async () => {},

  /** Removes the keys of this run, also where the prefix stands in a hash tag (`{prefix}:…`). */
  async dropDatabases({ port }, prefix) {
    await withRedis(port, async (client) => {
      for await (const keys of client.scanStream({ match: `*${prefix}*`, count: KEYS_AT_A_TIME })) {
        if (keys.length > 0) await client.unlink(...keys);
      }
    });
  },
};
