import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { findProgram, runOrFail } from '../lib/processes.mjs';
import { CommandFailure } from '../lib/progress.mjs';
import { dataFolder, freePort, ordinaryUser, startServer } from '../lib/servers/private-server.mjs';
import { withRedis } from '../lib/servers/redis.mjs';

/** A server that can be killed and started again, on the same port and, unless that was wiped, the same data. */
export class RestartableServer {
  #describe;
  #cleanup;
  #running = null;

  /** @param {{ port: number, folder: string, describe: object }} server `describe` as `startServer` takes it */
  constructor({ port, folder, describe }, cleanup) {
    this.port = port;
    this.folder = folder;
    this.#describe = describe;
    this.#cleanup = cleanup;
  }

  async start() {
    this.#running = await startServer(this.#describe, this.#cleanup);
  }

  async startIfDown() {
    const { child } = this.#running;
    if (child.exitCode !== null || child.signalCode !== null) await this.start();
  }

  /** At once, as a machine that loses power; resolves when it is gone. */
  async kill() {
    this.#running.child.kill('SIGKILL');
    await this.#running.ended;
  }

  /** All that it has stored; only while it is down. */
  async wipe() {
    for (const name of await readdir(this.folder)) await rm(join(this.folder, name), { recursive: true, force: true });
  }
}

/** What Assay connects as: an ordinary user, whom `read_only` binds, unlike root. */
const USER = 'assay';

/** A MariaDB of our own, with commits that survive its death, and the database `assay`. */
export async function provideMariadb(cleanup) {
  const [daemon, installer] = await Promise.all([findProgram('mariadbd', 'mysqld'), findProgram('mariadb-install-db')]);
  if (daemon === null || installer === null) {
    throw new CommandFailure('MariaDB is not installed: apt-get install mariadb-server, or run with --embedded.');
  }
  const port = await freePort();
  const folder = await dataFolder('chaos-mariadb', cleanup);
  const user = await ordinaryUser(folder, 'mysql');
  await runOrFail(
    installer,
    ['--no-defaults', `--datadir=${folder}/data`, '--auth-root-authentication-method=normal', '--skip-test-db'],
    { failure: 'mariadb-install-db failed, see above.', cwd: '/', ...user },
  );
  const args = [
    '--no-defaults',
    `--datadir=${folder}/data`,
    `--socket=${folder}/server.sock`,
    `--pid-file=${folder}/server.pid`,
    '--bind-address=127.0.0.1',
    `--port=${port}`,
    '--skip-log-bin',
    '--skip-name-resolve',
    '--innodb-buffer-pool-size=128M',
    // What was committed must be there after a kill: that is what is tried here.
    '--innodb-flush-log-at-trx-commit=1',
  ];
  const answers = () => queryMariadb(port, 'SELECT 1');
  const server = new RestartableServer(
    { port, folder, describe: { title: 'MariaDB', file: daemon, args, user, answers } },
    cleanup,
  );
  await server.start();
  await queryMariadb(port, 'CREATE DATABASE assay CHARACTER SET utf8mb4');
  await queryMariadb(port, `CREATE USER ${USER}@'127.0.0.1'`);
  await queryMariadb(port, `GRANT ALL ON assay.* TO ${USER}@'127.0.0.1'`);
  return server;
}

/** @param {number} port where Assay finds it: a proxy's, or its own */
export const mariadbUrl = (port) => `mariadb://${USER}@127.0.0.1:${port}/assay`;

/** A connection as root, for whoever holds locks or looks at tables. */
export async function connectMariadb(port, database) {
  const { createConnection } = await import('mysql2/promise');
  const connection = await createConnection({
    host: '127.0.0.1',
    port,
    user: 'root',
    database,
    connectTimeout: 3_000,
    timezone: 'Z',
  });
  // Killed servers end connections; whoever waits for an answer hears of it.
  connection.connection.on('error', () => {});
  return connection;
}

/** One statement as root, over a connection of its own. */
export async function queryMariadb(port, sql, values = [], database) {
  const connection = await connectMariadb(port, database);
  try {
    const [rows] = await connection.query(sql, values);
    return rows;
  } finally {
    connection.destroy();
  }
}

/** A Redis of our own that appends what it hears to a file, as one that must survive does. */
export async function provideRedis(cleanup) {
  const file = await findProgram('redis-server', 'valkey-server');
  if (file === null) {
    throw new CommandFailure('Redis is not installed: apt-get install redis-server, or run with --embedded.');
  }
  const port = await freePort();
  const folder = await dataFolder('chaos-redis', cleanup);
  const args = ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'yes', '--dir', folder];
  const describe = {
    title: 'Redis',
    file,
    args,
    user: await ordinaryUser(folder, 'redis'),
    answers: () => withRedis(port, (client) => client.ping()),
  };
  const server = new RestartableServer({ port, folder, describe }, cleanup);
  await server.start();
  return server;
}
