import { ask, findProgram, quoted, type ServiceDefinition, versionOf } from './service.js';

/** Redis, or Valkey, which is the same here. Keeps nothing on disk; a full one refuses to write and goes on. */
export const redis: ServiceDefinition = {
  key: 'redis',
  title: 'Redis',
  port: 6379,
  memoryMiB: 192,
  missing: 'Redis is not installed: apt-get install redis-server',
  find: async () => {
    const server = await findProgram('/usr/bin/redis-server', '/usr/bin/valkey-server', '/usr/local/bin/redis-server');
    const version = server === null ? null : await versionOf(server);
    if (server === null || version === null) return null;
    const client = await findProgram(server.replace(/-server$/, '-cli'));
    return {
      version,
      prepare: null,
      // SHUTDOWN is for nobody: it would end the service for those that come after.
      start: ({ port }) =>
        `exec ${quoted(server)} --port ${port} --bind 127.0.0.1 --dir /tmp --save '' --appendonly no --maxmemory 96mb --maxclients 256 --rename-command SHUTDOWN ''`,
      seed: client === null ? null : ({ port }) => `exec ${quoted(client)} -e -p ${port} < seed`,
    };
  },
  isReady: async (connection) =>
    (await ask(connection, Buffer.from('PING\r\n'))).toString('latin1').startsWith('+PONG'),
  environment: (port) => ({ REDIS_URL: `redis://127.0.0.1:${port}` }),
};
