import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createConnection } from 'mysql2/promise';
import { root, runOrFail } from '../scripts/lib/processes.mjs';

/** A fresh installation's server on its standard port, as `npm test` looks for it. */
const MARIADB = { host: '127.0.0.1', port: 3306, user: 'root' };

/**
 * The databases that a benchmark can run on here, each made when it is asked for, empty and migrated, and removed by the
 * cleanup.
 *
 * @returns {Promise<{ name: string, create: (cleanup: import('../scripts/lib/cleanup.mjs').Cleanup) => Promise<string> }[]>}
 *   `create` resolves to a `DATABASE_URL`
 */
export async function databasesHere() {
  const sqlite = { name: 'SQLite', create: createSqlite };
  return (await hasMariadb()) ? [sqlite, { name: 'MariaDB', create: createMariadb }] : [sqlite];
}

async function createSqlite(cleanup) {
  const folder = await mkdtemp(join(tmpdir(), 'assay-bench-database-'));
  cleanup.add(() => rm(folder, { recursive: true, force: true }));
  // The server migrates it when it starts.
  return `sqlite:${join(folder, 'assay.db')}`;
}

async function hasMariadb() {
  return execute('SELECT 1').then(
    () => true,
    () => false,
  );
}

async function createMariadb(cleanup) {
  const name = `assay_bench_${randomBytes(6).toString('hex')}`;
  cleanup.add(() => execute(`DROP DATABASE IF EXISTS ${name}`));
  await execute(`CREATE DATABASE ${name} CHARACTER SET utf8mb4 COLLATE utf8mb4_bin`);
  const url = `mariadb://${MARIADB.user}@${MARIADB.host}:${MARIADB.port}/${name}`;
  await runOrFail(process.execPath, [join(root, 'dist', 'src', 'migrate.js')], {
    env: { PATH: process.env.PATH, DATABASE_URL: url },
    failure: 'The database of the benchmark could not be migrated, see above.',
  });
  return url;
}

async function execute(sql) {
  const connection = await createConnection({ ...MARIADB, connectTimeout: 2_000 });
  try {
    await connection.query(sql);
  } finally {
    await connection.end();
  }
}
