import { setTimeout as pause } from 'node:timers/promises';
import { factWord } from '../../grading/sql/fact-rows.js';
import { postgresPlan, postgresSchema } from '../../grading/sql/postgres-facts.js';
import { GradingFault } from '../grading-fault.js';
import { connectPostgres } from './postgres-connection.js';
import { type Ask, DATABASE, type ServerDialect, text } from './server-dialect.js';

const LOOK_MS = 5;
const MOST_LOOKS = 1_000;
const SPARE_MS = 1_000;

const USERS = "('student', 'checker')";

/** Names of what an extension brought are none of the script's. */
const IS_OWN = (catalogue: string, oid: string): string =>
  `NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = '${catalogue}'::regclass AND d.objid = ${oid} AND d.deptype = 'e')`;
const IS_USERS = "n.nspname <> 'information_schema' AND n.nspname !~ '^pg_'";
const NAME = (name: string): string =>
  `CASE WHEN n.nspname = 'public' THEN ${name}::text ELSE n.nspname || '.' || ${name} END`;
const TABLES_OF = `pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace AND ${IS_USERS} AND ${IS_OWN('pg_class', 'c.oid')}`;
const OF_TABLES = `${TABLES_OF} AND c.relkind IN ('r', 'p')`;

const TABLES = `SELECT ${NAME('c.relname')} FROM ${OF_TABLES}`;
const COLUMNS = `SELECT ${NAME('c.relname')}, a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull,
    CASE WHEN a.attgenerated = '' THEN pg_get_expr(d.adbin, d.adrelid) END
  FROM ${OF_TABLES} JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
  LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum ORDER BY c.oid, a.attnum`;
const KEYS = (kind: string, what: string): string => `SELECT ${NAME('c.relname')}, ${what}
  FROM ${OF_TABLES} JOIN pg_constraint k ON k.conrelid = c.oid AND k.contype = '${kind}'`;
const COLUMN = (table: string, number: string): string =>
  `(SELECT a.attname FROM pg_attribute a WHERE a.attrelid = ${table} AND a.attnum = ${number})`;
const PRIMARY_KEYS = `${KEYS('p', COLUMN('c.oid', 'u.number'))}, unnest(k.conkey) WITH ORDINALITY u(number, place) ORDER BY c.oid, u.place`;
const CHECKS = KEYS('c', 'pg_get_expr(k.conbin, k.conrelid)');
const FOREIGN_KEYS = `SELECT ${NAME('c.relname')}, k.conname, ${COLUMN('c.oid', 'u.number')},
    (SELECT CASE WHEN rn.nspname = 'public' THEN rc.relname::text ELSE rn.nspname || '.' || rc.relname END
      FROM pg_class rc JOIN pg_namespace rn ON rn.oid = rc.relnamespace WHERE rc.oid = k.confrelid),
    ${COLUMN('k.confrelid', 'k.confkey[u.place]')}, k.confdeltype, k.confupdtype
  FROM ${OF_TABLES} JOIN pg_constraint k ON k.conrelid = c.oid AND k.contype = 'f',
    unnest(k.conkey) WITH ORDINALITY u(number, place) ORDER BY c.oid, k.oid, u.place`;
const INDEXES = `SELECT ${NAME('c.relname')}, x.relname, i.indisunique, i.indpred IS NOT NULL, ${COLUMN('c.oid', 'u.number')}
  FROM ${OF_TABLES} JOIN pg_index i ON i.indrelid = c.oid AND i.indisvalid JOIN pg_class x ON x.oid = i.indexrelid,
    unnest(i.indkey::int2[]) WITH ORDINALITY u(number, place)
  WHERE u.place <= i.indnkeyatts ORDER BY c.oid, x.oid, u.place`;
const VIEWS = `SELECT ${NAME('c.relname')} FROM ${TABLES_OF} AND c.relkind IN ('v', 'm')`;
const TRIGGERS = `SELECT ${NAME('c.relname')}, t.tgname FROM ${TABLES_OF} JOIN pg_trigger t ON t.tgrelid = c.oid AND NOT t.tgisinternal`;
const OF_ROUTINES = `pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace AND ${IS_USERS} AND ${IS_OWN('pg_proc', 'p.oid')}`;
const ROUTINES = `SELECT ${NAME('p.proname')}, p.prokind FROM ${OF_ROUTINES}`;

/**
 * Where several functions or operators have one name, the one for exactly these types is taken, whatever schema it is in: one for
 * varchar goes before that for text which is built in. One for a type of the script's own cannot.
 */
const BUILT_IN_TYPE = (oid: string): string => `${oid} < 16384`;
const SHADOWS = `SELECT 'the function ' || p.proname FROM ${OF_ROUTINES}
  WHERE EXISTS (SELECT FROM pg_proc b WHERE b.pronamespace = 'pg_catalog'::regnamespace AND b.proname = p.proname)
    AND NOT EXISTS (SELECT FROM unnest(p.proargtypes::oid[]) u(type) WHERE NOT (${BUILT_IN_TYPE('u.type')}))
  UNION ALL SELECT 'the operator ' || o.oprname FROM pg_operator o
  JOIN pg_namespace n ON n.oid = o.oprnamespace AND ${IS_USERS} AND ${IS_OWN('pg_operator', 'o.oid')}
  WHERE EXISTS (SELECT FROM pg_operator b WHERE b.oprnamespace = 'pg_catalog'::regnamespace AND b.oprname = o.oprname)
    AND ${BUILT_IN_TYPE('o.oprleft')} AND ${BUILT_IN_TYPE('o.oprright')}`;

/**
 * PostgreSQL. The student owns the schema `public` and no database: settings of a database hold for everybody in it. Roles are
 * dropped with theirs.
 */
export const postgresDialect: ServerDialect = {
  key: 'postgres',
  connect: connectPostgres,
  clean: async (ask) => {
    await endSessions(ask);
    await ask(`DROP DATABASE IF EXISTS ${DATABASE} WITH (FORCE)`);
    await ask('DROP ROLE IF EXISTS checker');
    await ask('DROP ROLE IF EXISTS student');
  },
  make: async (ask, { student, checker }, within) => {
    for (const database of ['postgres', 'template1']) await ask(`REVOKE ALL ON DATABASE ${database} FROM PUBLIC`);
    await ask(`CREATE ROLE student LOGIN PASSWORD ${text(student.password)}`);
    await ask(`CREATE ROLE checker LOGIN PASSWORD ${text(checker.password)} IN ROLE student`);
    await ask(`CREATE DATABASE ${DATABASE}`);
    await ask(`GRANT CONNECT, CREATE, TEMPORARY ON DATABASE ${DATABASE} TO student`);
    await within(DATABASE, 'ALTER SCHEMA public OWNER TO student');
  },
  endSessions,
  scriptSession: (wallTimeMs) => settings(wallTimeMs),
  checkSession: (wallTimeMs) => [...settings(wallTimeMs), 'SET search_path = public'],
  // Nothing that the script made is found by the names in these queries.
  schema: (ask) =>
    inCatalogue(ask, async () =>
      postgresSchema({
        tables: await ask(TABLES),
        columns: await ask(COLUMNS),
        primaryKeys: await ask(PRIMARY_KEYS),
        indexes: await ask(INDEXES),
        checks: await ask(CHECKS),
        foreignKeys: await ask(FOREIGN_KEYS),
        views: await ask(VIEWS),
        triggers: await ask(TRIGGERS),
        routines: await ask(ROUTINES),
      }),
    ),
  shadows: (ask) => inCatalogue(ask, async () => (await ask(SHADOWS)).map((row) => factWord(row[0]))),
  plan: async (ask, statement) => {
    // A small table is read as a whole, whatever indexes it has: asked is what serves the statement.
    await ask('SET enable_seqscan = off');
    await ask('SET max_parallel_workers_per_gather = 0');
    const [plan = []] = await ask(`EXPLAIN (FORMAT JSON, VERBOSE) ${statement}`);
    return postgresPlan(factWord(plan[0]));
  },
};

async function inCatalogue<T>(ask: Ask, work: () => Promise<T>): Promise<T> {
  await ask('SET search_path = pg_catalog');
  const result = await work();
  await ask('SET search_path = public');
  return result;
}

async function endSessions(ask: Ask): Promise<void> {
  for (let look = 0; look < MOST_LOOKS; look += 1) {
    const sessions = await ask(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename IN ${USERS}`);
    if (sessions.length === 0) return;
    await pause(LOOK_MS);
  }
  throw new GradingFault('A session of a database server could not be ended.');
}

function settings(wallTimeMs: number): string[] {
  return ["SET timezone = 'UTC'", 'SET jit = off', `SET statement_timeout = ${Math.ceil(wallTimeMs + SPARE_MS)}`];
}
