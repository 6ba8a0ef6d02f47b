import { readFile, realpath } from 'node:fs/promises';
import { pathToFileURL } from 'node:url';

import { ask, findProgram, type FoundService, quoted, type ServiceDefinition, STUDENT, versionOf } from './service.js';

const CREDENTIALS = Buffer.from(`${STUDENT.user}:${STUDENT.password}`).toString('base64');

/** Makes the database, which is what a student's program expects to be there. */
const MAKE_DATABASE = Buffer.from(
  `PUT /${STUDENT.database} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Basic ${CREDENTIALS}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n`,
);
/** Made, accepted, or there already. */
const IS_THERE = /^HTTP\/1\.1 (?:201|202|412) /;

const urlOf = (port: number): string =>
  `http://${STUDENT.user}:${STUDENT.password}@127.0.0.1:${port}/${STUDENT.database}`;

/** CouchDB itself. It refuses to start without an administrator, who is the student: it is alone with the submission. */
function couchOf(server: string): FoundService['start'] {
  return ({ port }) =>
    [
      'mkdir data',
      `printf '[couchdb]\\nsingle_node = true\\ndatabase_dir = data\\nview_index_dir = data\\n[chttpd]\\nport = ${port}\\nbind_address = 127.0.0.1\\n[log]\\nlevel = error\\n[admins]\\n${STUDENT.user} = ${STUDENT.password}\\n' > local.ini`,
      `exec ${quoted(server)} -couch_ini ${quoted(server.replace(/bin\/couchdb$/, 'etc/default.ini'))} local.ini`,
    ].join(' && ');
}

/**
 * PouchDB Server, which speaks the same HTTP and keeps everything in memory. The student is its administrator as well: it ends
 * when somebody makes a database who is none.
 */
function pouchOf(server: string): FoundService['start'] {
  const settings = JSON.stringify({ admins: { [STUDENT.user]: STUDENT.password }, log: { level: 'none' } });
  return ({ port }) =>
    `printf '%s' ${quoted(settings)} > config.json && exec ${quoted(server)} --in-memory --host 127.0.0.1 --port ${port} --config config.json --no-stdout-logs --no-color`;
}

/** Asked for its version, it would start. */
async function versionOfPackage(program: string): Promise<string | null> {
  try {
    const file = new URL('../package.json', pathToFileURL(await realpath(program)));
    const description: unknown = JSON.parse(await readFile(file, 'utf8'));
    if (typeof description !== 'object' || description === null || !('version' in description)) return null;
    return typeof description.version === 'string' ? description.version : null;
  } catch {
    // A program of that name which is no package is not the one.
    return null;
  }
}

/** A seed is a JSON object with `docs`, as `_bulk_docs` takes it. */
export const couchdb: ServiceDefinition = {
  key: 'couchdb',
  title: 'CouchDB',
  port: 5984,
  memoryMiB: 512,
  missing:
    'CouchDB is not installed in /usr: install couchdb from the packages of its makers and copy /opt/couchdb to /usr/local/couchdb, ' +
    'or npm install --global --ignore-scripts pouchdb-server',
  find: async () => {
    const curl = await findProgram('/usr/bin/curl');
    const seed: FoundService['seed'] =
      curl === null
        ? null
        : ({ port }) =>
            `exec ${quoted(curl)} -sS --fail-with-body -o /dev/null -H 'Content-Type: application/json' --data-binary @seed ${urlOf(port)}/_bulk_docs`;
    const couch = await findProgram('/usr/bin/couchdb', '/usr/local/couchdb/bin/couchdb', '/usr/local/bin/couchdb');
    if (couch !== null) {
      const version = await versionOf(couch, '-version');
      if (version !== null) return { version, prepare: null, start: couchOf(couch), seed };
    }
    const pouch = await findProgram('/usr/bin/pouchdb-server', '/usr/local/bin/pouchdb-server');
    const version = pouch === null ? null : await versionOfPackage(pouch);
    if (pouch === null || version === null) return null;
    return { version, prepare: null, start: pouchOf(pouch), seed };
  },
  isReady: async (connection) => IS_THERE.test((await ask(connection, MAKE_DATABASE)).toString('latin1')),
  environment: (port) => ({ COUCHDB_URL: urlOf(port) }),
};
