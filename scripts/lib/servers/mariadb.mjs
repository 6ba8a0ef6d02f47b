import { findProgram, runOrFail } from '../processes.mjs';
import { dataFolder, freePort, ordinaryUser, startServer } from './private-server.mjs';

const PORT = 3306;

async function query(port, sql) {
  const { createConnection } = await import('mysql2/promise');
  const connection = await createConnection({
    host: '127.0.0.1',
    port,
    user: 'root',
    password: '',
    connectTimeout: 3_000,
  });
  try {
    const [rows] = await connection.query(sql);
    return rows;
  } finally {
    await connection.end();
  }
}

/** MariaDB, or MySQL, with the credentials that a fresh installation has: root and no password. */
export const mariadb = {
  title: 'MariaDB',
  debian: ['mariadb-server'],
  variable: 'TEST_MYSQL_URL',

  /**
   * The running server, or null when there is none that lets us in. One whose root comes in through the Unix socket only,
   * as Debian installs it, counts as none: the tests speak TCP, as Assay does, and its programs are there for a private one.
   */
  async findRunning() {
    const rows = await query(PORT, 'SELECT VERSION() AS version').catch(() => null);
    return rows === null ? null : { port: PORT, version: rows[0].version };
  },

  async installed() {
    return (await findProgram('mariadbd', 'mysqld')) !== null && (await findProgram('mariadb-install-db')) !== null;
  },

  async startPrivate(cleanup) {
    const [daemon, installer, port] = await Promise.all([
      findProgram('mariadbd', 'mysqld'),
      findProgram('mariadb-install-db'),
      freePort(),
    ]);
    const folder = await dataFolder('mariadb', cleanup);
    const user = await ordinaryUser(folder, 'mysql');
    const failure = `mariadb-install-db failed, see above. Start MariaDB on port ${PORT} yourself and run this again.`;
    await runOrFail(
      installer,
      [
        '--no-defaults',
        `--datadir=${folder}/data`,
        `--tmpdir=${folder}`,
        '--auth-root-authentication-method=normal',
        '--skip-test-db',
      ],
      { failure, cwd: '/', ...user },
    );
    await startServer(
      {
        title: 'MariaDB',
        file: daemon,
        args: [
          '--no-defaults',
          `--datadir=${folder}/data`,
          // That of the tests may be closed to the user that the server runs as.
          `--tmpdir=${folder}`,
          `--socket=${folder}/server.sock`,
          `--pid-file=${folder}/server.pid`,
          '--bind-address=127.0.0.1',
          `--port=${port}`,
          '--skip-log-bin',
          '--innodb-buffer-pool-size=128M',
          // The data is thrown away: nothing here has to survive a power cut.
          '--innodb-flush-log-at-trx-commit=0',
        ],
        user,
        answers: () => query(port, 'SELECT 1'),
      },
      cleanup,
    );
    const [{ version }] = await query(port, 'SELECT VERSION() AS version');
    return { port, version };
  },

  url: ({ port }, database) => `mariadb://root@127.0.0.1:${port}/${database}`,

  createDatabase: ({ port }, name) => query(port, `CREATE DATABASE \`${name}\` CHARACTER SET utf8mb4`),

  /** Drops every database of this run, also those that a test which was killed left behind. */
  async dropDatabases({ port }, prefix) {
    const rows = await query(port, 'SELECT schema_name AS name FROM information_schema.schemata');
    for (const { name } of rows) {
      if (name.startsWith(prefix)) await query(port, `DROP DATABASE IF EXISTS \`${name}\``);
    }
  },
};
