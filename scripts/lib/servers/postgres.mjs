import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { findProgram, isExecutable, runOrFail } from '../processes.mjs';
import { dataFolder, freePort, ordinaryUser, startServer } from './private-server.mjs';

const PORT = 5432;

/** Where Debian keeps a version's programs, which are not on the PATH. */
const VERSIONS = '/usr/lib/postgresql';

async function query(port, sql) {
  const { default: pg } = await import('pg');
  const client = new pg.Client({
    host: '127.0.0.1',
    port,
    user: 'postgres',
    database: 'postgres',
    connectionTimeoutMillis: 3_000,
  });
  // A server that is stopped meanwhile ends the connection; that is not ours to report.
  client.on('error', () => {});
  await client.connect();
  try {
    return (await client.query(sql)).rows;
  } finally {
    await client.end();
  }
}

async function serverPrograms() {
  const versions = await readdir(VERSIONS).catch(() => []);
  versions.sort((a, b) => Number(b) - Number(a));
  for (const version of versions) {
    const postgres = join(VERSIONS, version, 'bin', 'postgres');
    const initdb = join(VERSIONS, version, 'bin', 'initdb');
    if ((await isExecutable(postgres)) && (await isExecutable(initdb))) return { postgres, initdb };
  }
  const [postgres, initdb] = await Promise.all([findProgram('postgres'), findProgram('initdb')]);
  return postgres === null || initdb === null ? null : { postgres, initdb };
}

/** PostgreSQL, with the user postgres let in from the loopback without a password. */
export const postgres = {
  title: 'PostgreSQL',
  debian: ['postgresql'],
  variable: 'TEST_POSTGRES_URL',

  async findRunning() {
    const rows = await query(PORT, 'SHOW server_version').catch(() => null);
    return rows === null ? null : { port: PORT, version: rows[0].server_version };
  },

  async installed() {
    return (await serverPrograms()) !== null;
  },

  async startPrivate(cleanup) {
    const programs = await serverPrograms();
    const port = await freePort();
    const folder = await dataFolder('postgres', cleanup);
    const user = await ordinaryUser(folder, 'postgres');
    const data = join(folder, 'data');
    await runOrFail(
      programs.initdb,
      ['-D', data, '-U', 'postgres', '--auth=trust', '--encoding=UTF8', '--locale=C', '--no-sync'],
      {
        failure: `initdb failed, see above. Start PostgreSQL on port ${PORT} yourself and run this again.`,
        cwd: '/',
        ...user,
      },
    );
    // The data is thrown away: nothing here has to survive a power cut.
    const settings = ['fsync=off', 'synchronous_commit=off', 'full_page_writes=off', 'max_connections=200'];
    await startServer(
      {
        title: 'PostgreSQL',
        file: programs.postgres,
        args: [
          '-D',
          data,
          '-p',
          String(port),
          '-h',
          '127.0.0.1',
          '-k',
          folder,
          ...settings.flatMap((setting) => ['-c', setting]),
        ],
        user,
        // SIGINT is PostgreSQL's fast shutdown; SIGTERM would wait until every client has left.
        stopSignal: 'SIGINT',
        answers: () => query(port, 'SELECT 1'),
      },
      cleanup,
    );
    const [{ server_version: version }] = await query(port, 'SHOW server_version');
    return { port, version };
  },

  url: ({ port }, database) => `postgres://postgres@127.0.0.1:${port}/${database}`,

  createDatabase: ({ port }, name) => query(port, `CREATE DATABASE "${name}"`),

  async dropDatabases({ port }, prefix) {
    const rows = await query(port, 'SELECT datname AS name FROM pg_database');
    for (const { name } of rows) {
      if (name.startsWith(prefix)) await query(port, `DROP DATABASE IF EXISTS "${name}" WITH (FORCE)`);
    }
  },
};
