import { readdir } from 'node:fs/promises';

import { ADMINISTRATOR, ask, findProgram, quoted, type ServiceDefinition, STUDENT, versionOf } from './service.js';

/** Small and quick: what it holds is gone in a minute, so nothing need be safe from a crash. */
const OPTIONS = [
  'listen_addresses=127.0.0.1',
  'unix_socket_directories=',
  'shared_buffers=32MB',
  'max_connections=60',
  'fsync=off',
  'full_page_writes=off',
  'synchronous_commit=off',
  'min_wal_size=4MB',
  'max_wal_size=32MB',
]
  .map((option) => `-c ${option}`)
  .join(' ');

/** The start of a connection (protocol 3.0) as the student's user. */
function startup(): Buffer {
  const words = ['user', STUDENT.user, 'database', STUDENT.database, ''].map((word) => `${word}\0`).join('');
  const message = Buffer.alloc(8 + words.length);
  message.writeInt32BE(message.length, 0);
  message.writeInt32BE(196_608, 4);
  message.write(words, 8, 'latin1');
  return message;
}

/** The newest PostgreSQL of the places where packages put theirs, each version in a folder of its own. */
async function findFolder(): Promise<string | null> {
  const top = '/usr/lib/postgresql';
  const versions = (await readdir(top).catch(() => [])).filter((name) => /^\d+$/.test(name));
  const newest = versions
    .toSorted((one, other) => Number(other) - Number(one))
    .map((version) => `${top}/${version}/bin`);
  for (const folder of [...newest, '/usr/bin', '/usr/local/bin']) {
    if ((await findProgram(`${folder}/initdb`)) !== null && (await findProgram(`${folder}/postgres`)) !== null) {
      return folder;
    }
  }
  return null;
}

export const postgres: ServiceDefinition = {
  key: 'postgres',
  title: 'PostgreSQL',
  port: 5432,
  memoryMiB: 512,
  missing: 'PostgreSQL is not installed in /usr: apt-get install postgresql',
  find: async () => {
    const folder = await findFolder();
    const version = folder === null ? null : await versionOf(`${folder}/postgres`);
    if (folder === null || version === null) return null;
    const client = await findProgram(`${folder}/psql`, '/usr/bin/psql');
    const accounts = [
      `CREATE ROLE ${STUDENT.user} LOGIN PASSWORD '${STUDENT.password}';`,
      `CREATE DATABASE ${STUDENT.database} OWNER ${STUDENT.user};`,
      '',
    ].join('\n');
    return {
      version,
      // A mode in which it is alone with its files, and reads statements of one line each.
      prepare: (adminPassword) =>
        [
          `printf %s ${quoted(adminPassword)} > /tmp/password`,
          `${folder}/initdb -D data -U ${ADMINISTRATOR} --pwfile=/tmp/password --auth=scram-sha-256 -E UTF8 --locale=C.UTF-8 --wal-segsize=1 --no-sync --no-instructions >&2 || exit 1`,
          `printf %s ${quoted(accounts)} | ${folder}/postgres --single -F -D data postgres >&2`,
        ].join('\n'),
      start: ({ port }) => `exec ${folder}/postgres -D data -c port=${port} ${OPTIONS}`,
      seed:
        client === null
          ? null
          : ({ port }) =>
              `exec env PGPASSWORD=${STUDENT.password} ${client} -X -q -v ON_ERROR_STOP=1 -h 127.0.0.1 -p ${port} -U ${STUDENT.user} -d ${STUDENT.database} -f seed`,
    };
  },
  // It asks for a password once it lets users in; before that it says that it is starting up.
  isReady: async (connection) => (await ask(connection, startup())).toString('latin1', 0, 1) === 'R',
  environment: (port) => ({
    POSTGRES_URL: `postgres://${STUDENT.user}:${STUDENT.password}@127.0.0.1:${port}/${STUDENT.database}`,
  }),
};
