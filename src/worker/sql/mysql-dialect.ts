import { setTimeout as pause } from 'node:timers/promises';
import { factText, factWord } from '../../grading/sql/fact-rows.js';
import { mysqlPlan, mysqlSchema } from '../../grading/sql/mysql-facts.js';
import { GradingFault } from '../grading-fault.js';
import { connectMysql } from './mysql-connection.js';
import { type Ask, DATABASE, type ServerDialect, text } from './server-dialect.js';
import { SqlRefusal } from './sql-connection.js';

const LOOK_MS = 5;
const MOST_LOOKS = 1_000;
/** Of a session's statement, its own clock is the second to run out: the test's ends the whole server. */
const SPARE_MS = 1_000;

const USERS = "'student'@'%', 'checker'@'%'";
const SESSIONS = "SELECT id FROM information_schema.processlist WHERE user IN ('student', 'checker')";

/**
 * All that a database of one's own needs. Not EVENT, which runs in nobody's session, nor anything on other databases: files,
 * settings of the server, other users and their sessions need rights that are not given for a database.
 */
const RIGHTS = [
  'SELECT, INSERT, UPDATE, DELETE, CREATE, DROP, ALTER, INDEX, REFERENCES, CREATE TEMPORARY TABLES, LOCK TABLES',
  'CREATE VIEW, SHOW VIEW, TRIGGER, CREATE ROUTINE, ALTER ROUTINE, EXECUTE',
].join(', ');

const OF_DATABASE = (column: string): string => `${column} = '${DATABASE}'`;
const COLUMNS = `SELECT c.table_name, c.column_name, c.column_type, c.is_nullable, c.column_default
  FROM information_schema.columns c JOIN information_schema.tables t USING (table_schema, table_name)
  WHERE ${OF_DATABASE('c.table_schema')} AND t.table_type = 'BASE TABLE' ORDER BY c.table_name, c.ordinal_position`;
const STATISTICS = `SELECT table_name, index_name, column_name, non_unique, sub_part FROM information_schema.statistics
  WHERE ${OF_DATABASE('table_schema')} ORDER BY table_name, index_name, seq_in_index`;
const FOREIGN_KEYS = `SELECT k.table_name, k.constraint_name, k.column_name, k.referenced_table_name, k.referenced_column_name, r.delete_rule, r.update_rule
  FROM information_schema.key_column_usage k JOIN information_schema.referential_constraints r
    ON r.constraint_schema = k.constraint_schema AND r.constraint_name = k.constraint_name AND r.table_name = k.table_name
  WHERE ${OF_DATABASE('k.table_schema')} AND k.referenced_table_name IS NOT NULL
  ORDER BY k.table_name, k.constraint_name, k.ordinal_position`;
const MARIADB_CHECKS = `SELECT table_name, check_clause FROM information_schema.check_constraints
  WHERE ${OF_DATABASE('constraint_schema')}`;
const MYSQL_CHECKS = `SELECT t.table_name, c.check_clause FROM information_schema.check_constraints c
  JOIN information_schema.table_constraints t USING (constraint_schema, constraint_name)
  WHERE ${OF_DATABASE('constraint_schema')}`;
const TABLES = `SELECT table_name FROM information_schema.tables WHERE ${OF_DATABASE('table_schema')} AND table_type = 'BASE TABLE'`;
const VIEWS = `SELECT table_name, view_definition FROM information_schema.views WHERE ${OF_DATABASE('table_schema')}`;
const TRIGGERS = `SELECT event_object_table, trigger_name FROM information_schema.triggers WHERE ${OF_DATABASE('trigger_schema')}`;
const ROUTINES = `SELECT routine_name, routine_type FROM information_schema.routines WHERE ${OF_DATABASE('routine_schema')}`;

/** MySQL and MariaDB. Nothing built in can be replaced there: their names go before those of a database's own functions. */
export const mysqlDialect: ServerDialect = {
  key: 'mysql',
  connect: connectMysql,
  clean: async (ask) => {
    await endSessions(ask);
    await ask(`DROP DATABASE IF EXISTS ${DATABASE}`);
    await ask(`DROP USER IF EXISTS ${USERS}`);
  },
  make: async (ask, users) => {
    // The server asks its client for files only where it may.
    await ask('SET GLOBAL local_infile = 0');
    await ask(`CREATE DATABASE ${DATABASE} CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci`);
    for (const { user, password } of [users.student, users.checker]) {
      await ask(`CREATE USER ${text(user)}@'%' IDENTIFIED BY ${text(password)}`);
      await ask(`GRANT ${RIGHTS} ON ${DATABASE}.* TO ${text(user)}@'%'`);
    }
  },
  endSessions,
  scriptSession,
  checkSession: scriptSession,
  schema: async (ask) =>
    mysqlSchema({
      columns: await ask(COLUMNS),
      statistics: await ask(STATISTICS),
      checks: await ask((await isMariaDb(ask)) ? MARIADB_CHECKS : MYSQL_CHECKS),
      foreignKeys: await ask(FOREIGN_KEYS),
      tables: await ask(TABLES),
      views: await ask(VIEWS),
      triggers: await ask(TRIGGERS),
      routines: await ask(ROUTINES),
      isMariaDb: await isMariaDb(ask),
    }),
  shadows: () => Promise.resolve([]),
  plan: async (ask, statement) => {
    const tables = (await ask(TABLES)).map((row) => factWord(row[0]));
    // Estimates are made by the way otherwise: now they are there, or not.
    for (const table of tables) await ask(`ANALYZE TABLE \`${table.replaceAll('`', '``')}\``);
    const [plan = []] = await ask(`EXPLAIN FORMAT=JSON ${statement}`);
    const views = (await ask(VIEWS)).map((row) => factWord(row[1]));
    return mysqlPlan(factWord(plan[0]), {
      database: DATABASE,
      tables,
      statements: [...views, ...(await asWritten(ask, statement))],
    });
  },
};

async function endSessions(ask: Ask): Promise<void> {
  for (let look = 0; look < MOST_LOOKS; look += 1) {
    const sessions = await ask(SESSIONS);
    if (sessions.length === 0) return;
    for (const [id] of sessions) {
      await ask(`KILL ${factWord(id)}`).catch((error: unknown) => {
        // Gone meanwhile.
        if (!(error instanceof SqlRefusal)) throw error;
      });
    }
    await pause(LOOK_MS);
  }
  throw new GradingFault('A session of a database server could not be ended.');
}

function scriptSession(wallTimeMs: number): readonly string[] {
  const ms = Math.ceil(wallTimeMs + SPARE_MS);
  // What stands in these comments is a statement of MariaDB's, or of MySQL's.
  return [
    `SET SESSION time_zone = '+00:00' /*M! , max_statement_time = ${ms / 1000} */ /*!80000 , max_execution_time = ${ms} */`,
  ];
}

async function isMariaDb(ask: Ask): Promise<boolean> {
  const [version = []] = await ask('SELECT VERSION()');
  return factWord(version[0]).includes('MariaDB');
}

/** The statement as the engine writes it: MariaDB and MySQL show it as a note on its plan; none of one that changes rows. */
async function asWritten(ask: Ask, statement: string): Promise<string[]> {
  await ask(`${(await isMariaDb(ask)) ? 'EXPLAIN EXTENDED' : 'EXPLAIN'} ${statement}`);
  const notes = await ask('SHOW WARNINGS');
  return notes.filter((row) => factText(row[1] ?? null) === '1003').map((row) => factWord(row[2]));
}
