// Takes the lock that migrations take, by the words of src/database/migrator.ts, says so, and keeps it until it is killed.
import { createConnection } from 'mysql2/promise';
import BetterSqlite3 from 'better-sqlite3';
import pg from 'pg';

const { HOLD_URL: url = '', HOLD_DIALECT: dialect } = process.env;

// Kept reachable: a connection that is collected is closed, and gives the lock back.
let holder;
if (dialect === 'sqlite') {
  holder = new BetterSqlite3(`${url.slice('sqlite:'.length)}.migration-lock`);
  holder.exec('BEGIN EXCLUSIVE');
} else if (dialect === 'postgres') {
  holder = new pg.Client({ connectionString: url });
  await holder.connect();
  await holder.query('SELECT pg_advisory_lock(4155317901)');
} else {
  holder = await createConnection(url.replace(/^mariadb:/, 'mysql:'));
  await holder.query("SELECT GET_LOCK(CONCAT('assay_migrations_', LEFT(MD5(DATABASE()), 16)), 10)");
}

process.send?.('locked');
setInterval(() => holder, 60_000);
