export const SCHEMA = `CREATE TABLE customers (id INTEGER PRIMARY KEY, name VARCHAR(20) NOT NULL);
CREATE TABLE orders (id INTEGER PRIMARY KEY, customer_id INTEGER NOT NULL REFERENCES customers (id), total DECIMAL(10, 2));
INSERT INTO customers VALUES (1, 'Ada'), (2, 'Grace'), (3, 'Edsger');
INSERT INTO orders VALUES (1, 1, 20), (2, 1, 22.5), (3, 2, 7);
`;
export const SUMS = `SELECT c.name, sum(o.total) AS total FROM customers c JOIN orders o ON o.customer_id = c.id
GROUP BY c.name ORDER BY total DESC;`;
export const MODEL =
  'SELECT c.name, sum(o.total) AS total FROM customers c LEFT JOIN orders o ON o.customer_id = c.id GROUP BY c.name;';
export const SECRET = 'Barbara';

export type Engine = 'mysql' | 'postgres';

export const TYPES = {
  mysql: {
    sql: `SELECT NULL, '1', 9223372036854775807, CAST(18446744073709551615 AS UNSIGNED), CAST('-12345678901234567890.125' AS DECIMAL(30,3)),
 0.1e0 + 0.2e0, x'00FF', DATE '2024-02-29', TIMESTAMP '2024-02-29 12:30:00.5', TRUE, 'ä\n', JSON_OBJECT('a', 1), '?', TIME '25:00:00'`,
    rows: [
      [
        null,
        '1',
        '9223372036854775807',
        '18446744073709551615',
        '-12345678901234567890.125',
        0.3,
        { hex: '00ff' },
        '2024-02-29',
        '2024-02-29 12:30:00.5',
        true,
        'ä\n',
        '{"a": 1}',
        '?',
        '25:00:00',
      ],
    ],
    types: [
      'text',
      'text',
      'integer',
      'integer',
      'decimal',
      'real',
      'blob',
      'text',
      'text',
      'integer',
      'text',
      'text',
      'text',
      'text',
    ],
  },
  postgres: {
    sql: `SELECT NULL::int, '1'::text, 9223372036854775807, 12345678901234567890123.450::numeric, 0.1::float8 + 0.2::float8, '\\x00ff'::bytea,
 DATE '2024-02-29', TIMESTAMPTZ '2024-02-29 12:30:00+02', true, '{"a":[1,2]}'::jsonb, ARRAY[1,NULL,3], 'ä\n', 1.5::float4, 'NaN'::numeric IS NOT NULL`,
    rows: [
      [
        null,
        '1',
        '9223372036854775807',
        '12345678901234567890123.45',
        0.3,
        { hex: '00ff' },
        '2024-02-29',
        '2024-02-29 10:30:00+00',
        true,
        '{"a": [1, 2]}',
        '{1,NULL,3}',
        'ä\n',
        1.5,
        true,
      ],
    ],
    types: [
      'integer',
      'text',
      'integer',
      'decimal',
      'real',
      'blob',
      'text',
      'text',
      'boolean',
      'text',
      'text',
      'text',
      'real',
      'boolean',
    ],
  },
};

/** Ways to let a checking query see what is not there. */
export const TRICKS = {
  both: { 'open transaction.sql': 'BEGIN; DELETE FROM orders WHERE id = 3' },
  mysql: {
    'temporary table.sql': 'CREATE TEMPORARY TABLE orders AS SELECT id, total FROM app.orders WHERE id < 3',
    'autocommit.sql': 'SET autocommit = 0; DELETE FROM orders WHERE id = 3',
    'prepared.sql': "PREPARE s FROM 'DELETE FROM orders WHERE id = 3'",
    'lock.sql': 'LOCK TABLES orders WRITE',
    'settings.sql': "SET sql_select_limit = 2; SET sql_mode = 'ANSI'; SELECT get_lock('x', 1)",
  },
  postgres: {
    'temporary table.sql': 'CREATE TEMP TABLE orders AS SELECT id, total FROM public.orders WHERE id < 3',
    'temporary view.sql': 'CREATE TEMP VIEW orders AS SELECT id, total FROM public.orders WHERE id < 3',
    'own schema.sql':
      'CREATE SCHEMA checker; CREATE VIEW checker.orders AS SELECT id, total FROM public.orders WHERE id < 3',
    'search path.sql':
      'CREATE SCHEMA s; CREATE VIEW s.orders AS SELECT id, total FROM public.orders WHERE id < 3; ALTER ROLE student SET search_path = s',
    'built-in name.sql':
      "DELETE FROM orders WHERE id = 3; CREATE FUNCTION public.lower(varchar) RETURNS text LANGUAGE sql AS 'SELECT $1::text'",
    'operator.sql':
      "DELETE FROM orders WHERE id = 3; CREATE FUNCTION public.same(varchar, varchar) RETURNS boolean LANGUAGE sql AS 'SELECT true'; CREATE OPERATOR public.= (leftarg = varchar, rightarg = varchar, function = public.same)",
    'lock.sql': 'BEGIN; LOCK TABLE orders IN ACCESS EXCLUSIVE MODE; SELECT pg_advisory_lock(1)',
    'rule.sql': 'CREATE RULE r AS ON DELETE TO orders DO INSTEAD NOTHING; DELETE FROM orders WHERE id = 3',
  },
};

export const ROUTINES = {
  mysql: {
    sql: `DELIMITER //
CREATE PROCEDURE add_order(IN customer INT, IN amount DECIMAL(10,2))
BEGIN
  DECLARE next INT;
  SELECT max(id) + 1 INTO next FROM orders;
  INSERT INTO orders VALUES (next, customer, amount);
  SELECT count(*) AS orders FROM orders;
END //
CREATE FUNCTION spent(customer INT) RETURNS DECIMAL(10,2) READS SQL DATA
BEGIN
  RETURN (SELECT sum(total) FROM orders WHERE customer_id = customer);
END //
CREATE TRIGGER limits BEFORE INSERT ON orders FOR EACH ROW
BEGIN
  IF NEW.total > 100 THEN SET NEW.total = 100; END IF;
END //
DELIMITER ;
CALL add_order(2, 500);`,
    query: 'SELECT spent(2), (SELECT count(*) FROM orders)',
    rows: [[107, 4]],
  },
  postgres: {
    sql: `CREATE PROCEDURE add_order(customer int, amount numeric) LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO orders SELECT max(id) + 1, customer, amount FROM orders;
END; $$;
CREATE FUNCTION spent(customer int) RETURNS numeric LANGUAGE sql SECURITY DEFINER
BEGIN ATOMIC SELECT sum(total) FROM orders WHERE customer_id = customer; END;
CREATE FUNCTION cap() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW.total := least(NEW.total, 100); RETURN NEW; END $$;
CREATE TRIGGER limits BEFORE INSERT ON orders FOR EACH ROW EXECUTE FUNCTION cap();
CALL add_order(2, 500);`,
    query: 'SELECT spent(2), (SELECT count(*) FROM orders)',
    rows: [[107, 4]],
  },
};

/** `leave` does what could be seen of it later; `look` says `nothing` where it sees nothing of it, nor of anybody else. */
export const TRACES = {
  mysql: {
    leave: `${'SELECT 1 INTO @x;'.repeat(400)} CREATE TABLE left_behind (a int); SET @secret = (SELECT name FROM customers WHERE id = 9);
PREPARE left_behind FROM 'SELECT 1'; SELECT get_lock('left_behind', 1); SET PASSWORD = PASSWORD('left behind');`,
    look: `SELECT coalesce(
 (SELECT 'statements' FROM information_schema.global_status WHERE variable_name = 'COM_SELECT' AND variable_value > 200),
 (SELECT 'sessions' FROM information_schema.processlist WHERE user <> 'student' LIMIT 1),
 (SELECT 'queries' FROM information_schema.processlist WHERE info LIKE concat('%LEFT', ' JOIN%') LIMIT 1),
 (SELECT 'databases' FROM information_schema.schemata WHERE schema_name NOT IN ('app', 'information_schema') LIMIT 1),
 (SELECT 'tables' FROM information_schema.tables WHERE table_name = 'left_behind' LIMIT 1),
 (SELECT 'lock' WHERE is_used_lock('left_behind') IS NOT NULL), (SELECT 'file' WHERE load_file('/etc/passwd') IS NOT NULL), (SELECT 'variable' WHERE @secret IS NOT NULL), 'nothing') AS seen`,
  },
  postgres: {
    leave: `DO 'BEGIN FOR i IN 1..3000 LOOP BEGIN CREATE TEMP TABLE IF NOT EXISTS x (a int); INSERT INTO x VALUES (1); EXCEPTION WHEN division_by_zero THEN NULL; END; END LOOP; END';
CREATE TABLE left_behind (a int); ALTER ROLE student SET datestyle = German; SELECT pg_advisory_lock(1); PREPARE left_behind AS SELECT 1;
COMMENT ON TABLE left_behind IS 'x'; SELECT lo_create(4711); SELECT set_config('app.secret', name, false) FROM customers WHERE id = 9; NOTIFY left_behind;`,
    look: `SELECT coalesce(
 (SELECT 'transactions' WHERE txid_current() > 3000),
 (SELECT 'queries' FROM pg_stat_activity WHERE usename IS DISTINCT FROM 'student' AND query NOT IN ('', '<insufficient privilege>') LIMIT 1),
 (SELECT 'tables' FROM pg_class WHERE relname = 'left_behind'),
 (SELECT 'object' FROM pg_largeobject_metadata LIMIT 1),
 (SELECT 'lock' FROM pg_locks WHERE locktype = 'advisory' LIMIT 1),
 (SELECT 'role' FROM pg_db_role_setting LIMIT 1),
 current_setting('app.secret', true), 'nothing') AS seen`,
  },
};

export const REFUSED = {
  mysql: [
    'SET GLOBAL max_connections = 10',
    'SET GLOBAL general_log = 1',
    'FLUSH TABLES',
    'FLUSH PRIVILEGES',
    "CREATE USER other IDENTIFIED BY ''",
    "GRANT ALL ON app.* TO 'checker'@'%'",
    'CREATE DATABASE other',
    'SELECT * FROM mysql.user',
    "SELECT 1 INTO OUTFILE '/tmp/x'",
    "LOAD DATA INFILE '/etc/passwd' INTO TABLE customers",
    "LOAD DATA LOCAL INFILE '/etc/passwd' INTO TABLE customers",
    'CREATE EVENT e ON SCHEDULE EVERY 1 SECOND DO DELETE FROM orders',
    "CREATE DEFINER = 'assay'@'%' PROCEDURE p() SELECT 1",
    "CREATE DEFINER = 'checker'@'%' VIEW v AS SELECT 1",
    "INSTALL SONAME 'ha_connect'",
    "CREATE FUNCTION f RETURNS INTEGER SONAME 'x.so'",
    "CREATE SERVER s FOREIGN DATA WRAPPER mysql OPTIONS (HOST '127.0.0.1')",
    'SHOW ENGINE INNODB STATUS',
    'RESET QUERY CACHE',
    'SHUTDOWN',
    "SET PASSWORD FOR 'checker'@'%' = PASSWORD('x')",
    'DROP USER checker',
  ],
  postgres: [
    "COPY orders TO '/tmp/x'",
    "COPY customers (name) FROM '/etc/passwd'",
    "COPY customers (name) FROM PROGRAM 'id'",
    'COPY customers FROM STDIN',
    'CREATE ROLE other',
    "ALTER SYSTEM SET work_mem = '1GB'",
    'CREATE DATABASE other',
    'ALTER DATABASE app SET search_path = x',
    'ALTER ROLE checker SET search_path = x',
    "ALTER ROLE checker PASSWORD 'x'",
    "SELECT pg_read_file('/etc/passwd')",
    "SELECT lo_import('/etc/passwd')",
    'CREATE EXTENSION dblink',
    'SELECT pg_reload_conf()',
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'assay'",
    'SET ROLE checker',
    'SET SESSION AUTHORIZATION assay',
    "CREATE FUNCTION f() RETURNS int LANGUAGE c AS 'x.so', 'f'",
    'CREATE FUNCTION f() RETURNS event_trigger LANGUAGE plpgsql AS $$ BEGIN END $$; CREATE EVENT TRIGGER e ON ddl_command_end EXECUTE FUNCTION f()',
    "BEGIN; PREPARE TRANSACTION 'x'",
    'GRANT pg_read_all_data TO student',
    'SELECT * FROM pg_authid',
    "CREATE TABLESPACE t LOCATION '/tmp'",
    'CREATE FUNCTION pg_catalog.f() RETURNS int LANGUAGE sql RETURN 1',
    'CREATE VIEW information_schema.v AS SELECT 1',
    'DROP OWNED BY checker',
  ],
};

const ITEMS = {
  columns: {
    id: { type: 'int', primaryKey: true, nullable: false },
    order_id: { nullable: false },
    price: { type: 'numeric(8,2)', default: '0' },
    note: { type: 'varchar', default: "'new'", nullable: true },
    made: { default: 'now()' },
    extra: { default: 'none' },
    old: null,
  },
  onlyTheseColumns: true,
  indexes: [{ columns: ['order_id', 'note'], name: 'items_order', unique: false }],
  constraints: {
    primaryKey: ['id'],
    unique: [['note', 'order_id', 'price']],
    check: ['price >= 0', "note in ('new', 'old')"],
    foreignKeys: [{ columns: ['order_id'], references: 'orders', referencedColumns: ['id'], onDelete: 'cascade' }],
  },
};
const ITEMS_SQL = `CREATE TABLE obsolete (a int); DROP TABLE obsolete;
CREATE TABLE items (
  id INTEGER PRIMARY KEY,
  order_id INTEGER NOT NULL,
  price NUMERIC(8,2) DEFAULT 0 CHECK ( price>=0 ),
  note VARCHAR(10) DEFAULT 'new' CHECK (note IN ('new','old')),
  made TIMESTAMP DEFAULT CURRENT_TIMESTAMP,
  extra EXTRA,
  UNIQUE (order_id, note, price),
  FOREIGN KEY (order_id) REFERENCES orders (id) ON DELETE CASCADE
);
CREATE INDEX items_order ON items (order_id, note);
CREATE VIEW dear AS SELECT * FROM items WHERE price > 100;
`;
const OBJECTS = {
  views: ['dear'],
  triggers: [{ name: 'keep', table: 'items' }],
  procedures: ['tidy'],
  functions: ['twice'],
};

export const SCHEMAS = {
  mysql: {
    sql: `${ITEMS_SQL.replace('EXTRA', 'JSON')}
CREATE TRIGGER keep BEFORE DELETE ON items FOR EACH ROW SIGNAL SQLSTATE '45000';
CREATE PROCEDURE tidy() DELETE FROM items;
CREATE FUNCTION twice(a INT) RETURNS INT DETERMINISTIC RETURN 2 * a;`,
    schema: {
      ...OBJECTS,
      tables: {
        items: { ...ITEMS, columns: { ...ITEMS.columns, extra: { type: 'json', default: 'none' } } },
        obsolete: null,
      },
    },
  },
  postgres: {
    sql: `${ITEMS_SQL.replace('EXTRA', 'text[]')}
CREATE FUNCTION twice(a int) RETURNS int LANGUAGE sql RETURN 2 * a;
CREATE FUNCTION kept() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NULL; END $$;
CREATE TRIGGER keep BEFORE DELETE ON items FOR EACH ROW EXECUTE FUNCTION kept();
CREATE PROCEDURE tidy() LANGUAGE sql AS 'DELETE FROM items';
CREATE SCHEMA shop; CREATE TABLE shop.orders (a bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY);`,
    schema: {
      ...OBJECTS,
      tables: {
        items: { ...ITEMS, columns: { ...ITEMS.columns, extra: { type: 'text[]', default: 'none' } } },
        obsolete: null,
        'shop.orders': { columns: { a: { type: 'bigint', primaryKey: true } } },
      },
    },
  },
};

export const HOSTILE: readonly Record<'what' | 'verdict' | Engine, string>[] = [
  {
    what: 'a product of tables without an end',
    mysql:
      'SELECT * FROM information_schema.collations a, information_schema.collations b, information_schema.collations c',
    postgres: 'SELECT generate_series(1, 1000000000)',
    verdict: 'output_limit_exceeded',
  },
  {
    what: 'a huge value',
    mysql: "SELECT repeat('x', 15000000)",
    postgres: "SELECT repeat('x', 100000000)",
    verdict: 'output_limit_exceeded',
  },
  {
    what: 'much that is no result',
    mysql: `SELECT 1;${"SELECT repeat('x', 10000);".repeat(200)}`,
    postgres: 'COPY (SELECT generate_series(1, 1000000000)) TO STDOUT',
    verdict: 'output_limit_exceeded',
  },
  { what: 'sleep', mysql: 'SELECT sleep(1000)', postgres: 'SELECT pg_sleep(1000)', verdict: 'time_limit_exceeded' },
  {
    what: 'work that switched its own limit off',
    mysql: "SET SESSION max_statement_time = 0; SELECT benchmark(1000000000000, md5('x'))",
    postgres: "SET statement_timeout = 0; DO 'BEGIN LOOP END LOOP; END'",
    verdict: 'time_limit_exceeded',
  },
  {
    what: 'a view that is read for ever',
    mysql: 'DROP TABLE orders; CREATE VIEW orders AS SELECT sleep(1000) AS id FROM customers',
    postgres:
      'DROP TABLE orders; CREATE VIEW orders AS WITH RECURSIVE r(n) AS (SELECT 1 UNION ALL SELECT 1 FROM r) SELECT count(*) AS id FROM r',
    verdict: 'time_limit_exceeded',
  },
  {
    what: 'a script that takes all memory',
    mysql: `SET max_heap_table_size = 17179869184; CREATE TEMPORARY TABLE m (a CHAR(250)) ENGINE = MEMORY; INSERT INTO m VALUES ('x');
${'INSERT INTO m SELECT * FROM m;'.repeat(24)}`,
    postgres:
      "SET work_mem = '20GB'; SELECT length(string_agg(repeat('x', 1000000) || g::text, '')) FROM generate_series(1, 1000) g",
    verdict: 'memory_limit_exceeded',
  },
  {
    what: 'a full disk',
    mysql:
      "CREATE TABLE big (a LONGTEXT); INSERT INTO big SELECT repeat('x', 1000000) FROM information_schema.collations",
    postgres:
      "CREATE TABLE big (a text); ALTER TABLE big ALTER a SET STORAGE EXTERNAL; INSERT INTO big SELECT repeat('x', 1000000) FROM generate_series(1, 1000)",
    verdict: 'runtime_error',
  },
];
