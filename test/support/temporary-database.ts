import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { createConnection } from 'mysql2/promise';
import pg from 'pg';
import { createTemporaryFolder } from './temporary-folder.js';

export type TestDatabaseKind = 'sqlite' | 'mariadb' | 'postgres';

export interface TemporaryDatabase {
  /** As in DATABASE_URL. */
  readonly url: string;
  /** Removes the database with all that is in it, also while somebody is still connected. Harmless the second time. */
  drop(): Promise<void>;
}

/**
 * Set by `npm test`; the name of the database in the URL is the prefix of those made here, by which the run finds and
 * removes what a killed test left behind. Without them: servers on their standard ports, with the credentials of a fresh
 * installation.
 */
const MYSQL_URL = process.env['TEST_MYSQL_URL'] ?? 'mariadb://root@127.0.0.1:3306/assay_test';
const POSTGRES_URL = process.env['TEST_POSTGRES_URL'] ?? 'postgres://postgres@127.0.0.1:5432/assay_test';

/** The database that this run of the suite is for (`TEST_DATABASE`); SQLite unless said otherwise. */
export function testDatabaseKind(): TestDatabaseKind {
  const kind = process.env['TEST_DATABASE'] ?? 'sqlite';
  if (kind === 'sqlite' || kind === 'mariadb' || kind === 'postgres') return kind;
  throw new Error('TEST_DATABASE must be sqlite, mariadb or postgres, for example TEST_DATABASE=mariadb.');
}

/** Makes a fresh, empty database that nobody else uses. */
export async function createTemporaryDatabase(kind: TestDatabaseKind = testDatabaseKind()): Promise<TemporaryDatabase> {
  switch (kind) {
    case 'sqlite':
      return createSqlite();
    case 'mariadb':
      return createMariadb();
    case 'postgres':
      return createPostgres();
  }
}

async function createSqlite(): Promise<TemporaryDatabase> {
  const folder = await createTemporaryFolder();
  return { url: `sqlite:${join(folder.path, 'assay.db')}`, drop: () => folder.remove() };
}

async function createMariadb(): Promise<TemporaryDatabase> {
  const { url, name } = nextUrl(MYSQL_URL);
  const execute = async (sql: string): Promise<void> => {
    const server = new URL(MYSQL_URL);
    const connection = await createConnection({
      host: server.hostname,
      port: Number(server.port || '3306'),
      user: decodeURIComponent(server.username),
      password: decodeURIComponent(server.password),
    });
    try {
      await connection.query(sql);
    } finally {
      await connection.end();
    }
  };
  await execute(`CREATE DATABASE \`${name}\` CHARACTER SET utf8mb4 COLLATE utf8mb4_bin`);
  return { url, drop: () => execute(`DROP DATABASE IF EXISTS \`${name}\``) };
}

async function createPostgres(): Promise<TemporaryDatabase> {
  const { url, name } = nextUrl(POSTGRES_URL);
  const execute = async (sql: string): Promise<void> => {
    const server = new URL(POSTGRES_URL);
    server.pathname = '/postgres';
    const client = new pg.Client({ connectionString: server.href });
    await client.connect();
    try {
      await client.query(sql);
    } finally {
      await client.end();
    }
  };
  await execute(`CREATE DATABASE "${name}"`);
  return { url, drop: () => execute(`DROP DATABASE IF EXISTS "${name}" WITH (FORCE)`) };
}

function nextUrl(serverUrl: string): { url: string; name: string } {
  const url = new URL(serverUrl);
  const name = `${url.pathname.slice(1)}_${randomBytes(6).toString('hex')}`;
  url.pathname = `/${name}`;
  return { url: url.href, name };
}
