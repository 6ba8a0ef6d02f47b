import { ask, findProgram, quoted, type ServiceDefinition, STUDENT, versionOf } from './service.js';

/** `{ping: 1, $db: "admin"}` as an OP_MSG of MongoDB's wire protocol. */
function ping(): Buffer {
  const document = Buffer.from(`\x1e\0\0\0\x10ping\0\x01\0\0\0\x02$db\0\x06\0\0\0admin\0\0`, 'latin1');
  const header = Buffer.alloc(21);
  header.writeInt32LE(header.length + document.length, 0);
  header.writeInt32LE(1, 4);
  header.writeInt32LE(2013, 12);
  return Buffer.concat([header, document]);
}

/** Without users: it is alone with the submission. A seed is a script for its shell. */
export const mongodb: ServiceDefinition = {
  key: 'mongodb',
  title: 'MongoDB',
  port: 27_017,
  memoryMiB: 768,
  missing: 'MongoDB is not installed in /usr: install mongod (and mongosh, for seeds) from the packages of its makers',
  find: async () => {
    const server = await findProgram('/usr/bin/mongod', '/usr/local/bin/mongod');
    const version = server === null ? null : await versionOf(server);
    if (server === null || version === null) return null;
    const client = await findProgram('/usr/bin/mongosh', '/usr/bin/mongo');
    return {
      version,
      prepare: null,
      start: ({ port }) =>
        `mkdir data && exec ${quoted(server)} --dbpath data --port ${port} --bind_ip 127.0.0.1 --nounixsocket --wiredTigerCacheSizeGB 0.25`,
      seed:
        client === null
          ? null
          : ({ port }) => `exec ${quoted(client)} --quiet mongodb://127.0.0.1:${port}/${STUDENT.database} seed`,
    };
  },
  isReady: async (connection) => (await ask(connection, ping())).includes('ok\0'),
  environment: (port) => ({ MONGODB_URL: `mongodb://127.0.0.1:${port}/${STUDENT.database}` }),
};
