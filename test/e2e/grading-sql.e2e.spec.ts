import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Classroom, type ShownSubmission } from '../support/classroom.js';
import { follow } from '../support/event-client.js';
import { startTestApp, type TestApp } from '../support/test-app.js';

const SCHEMA = `CREATE TABLE customers (id INTEGER PRIMARY KEY, name VARCHAR(20) NOT NULL);
CREATE TABLE orders (id INTEGER PRIMARY KEY, customer_id INTEGER NOT NULL, total DECIMAL(10, 2));
INSERT INTO customers VALUES (1, 'Ada'), (2, 'Grace'), (3, 'Edsger');
INSERT INTO orders VALUES (1, 1, 20), (2, 1, 22.5), (3, 2, 7);
`;
const SUMS = `SELECT c.name, sum(o.total) AS total FROM customers c JOIN orders o ON o.customer_id = c.id
GROUP BY c.name ORDER BY total DESC;`;
const SUMS_ROWS = [
  ['Ada', 42.5],
  ['Grace', 7],
];
const MODEL =
  'SELECT c.name, sum(o.total) AS total FROM customers c LEFT JOIN orders o ON o.customer_id = c.id GROUP BY c.name;';
const SECRET = 'Barbara';

const document = (test: object, files: readonly object[] = []) => ({
  runtime: 'bash',
  files: [{ path: 'schema.sql', content: SCHEMA }, ...files],
  tests: [{ kind: 'sql', name: 'report', points: 5, engine: 'sqlite', setup: 'schema.sql', run: 'query.sql', ...test }],
});
const first = ({ tests }: ShownSubmission) => tests[0];

describe('tests of the kind sql', () => {
  let app: TestApp;
  let classroom: Classroom;

  beforeAll(async () => {
    app = await startTestApp();
    classroom = await Classroom.open(app);
  });
  afterAll(() => app.close());

  const grade = (test: object, sql: string, files: readonly object[] = []): Promise<ShownSubmission> =>
    classroom.grade(document(test, files), { files: { 'query.sql': sql } });

  it('compare a result with rows, and show what differs', async () => {
    const expected = { expect: { rows: SUMS_ROWS, ordered: true, columns: ['name', 'total'] } };
    const right = await grade(expected, SUMS);
    expect(right, JSON.stringify(right.tests)).toMatchObject({ verdict: 'accepted', score: 5 });
    expect(first(right)).toMatchObject({
      kind: 'sql',
      stdout: '  name  | total\n  ------+------\n  Ada   | 42.5\n  Grace | 7',
    });
    const backwards = await grade(expected, SUMS.replace('DESC', 'ASC'));
    expect(first(backwards)).toMatchObject({ verdict: 'wrong_answer', points: 0 });
    expect(first(backwards)?.message).toContain('not in the expected order');
    const other = await grade(expected, SUMS.replace('sum(', 'max('));
    expect(first(other)?.message).toBe(
      '1 row of 2 is not as expected, in the column "total".\n  name | total\n  -----+------\n- Ada  | 42.5\n+ Ada  | 22.5\n(- missing, + unexpected)',
    );
    const none = await grade(expected, 'DELETE FROM orders');
    expect(first(none)?.message).toContain('The script gives no result');
  });

  it('tell an error of the script with its line, and a file that is not there', async () => {
    const broken = await grade({}, 'SELECT 1;\n\nSELECT name FORM customers;\nSELECT 2');
    expect(first(broken)).toMatchObject({ verdict: 'runtime_error', points: 0 });
    expect(first(broken)?.message).toContain('Line 3: near "customers": syntax error');
    const missing = await classroom.grade(document({}), { files: { 'other.sql': 'SELECT 1' } });
    expect(first(missing)).toMatchObject({
      verdict: 'runtime_error',
      message: 'The submission has no file query.sql.',
    });
  });

  it('keep types: NULL, text, long integers, real numbers, bytes', async () => {
    const rows = [[null, '1', '9223372036854775807', 0.3, { hex: '00ff' }, 'ä\n']];
    const sql = "SELECT NULL, '1', 9223372036854775807, 0.1 + 0.2, x'00FF', 'ä' || char(10)";
    const typed = { expect: { rows, types: ['text', 'text', 'integer', 'real', 'blob', 'text'] } };
    expect(first(await grade(typed, sql))?.verdict).toBe('accepted');
    expect(first(await grade(typed, sql.replace("'1'", '1')))?.verdict).toBe('wrong_answer');
  });

  it('read the effects of a script by a query in a session of its own', async () => {
    const test = {
      query: 'SELECT id, total FROM orders',
      expect: {
        rows: [
          [1, 20],
          [2, 22.5],
        ],
      },
    };
    expect(first(await grade(test, 'DELETE FROM orders WHERE customer_id = 2'))?.verdict).toBe('accepted');
    const tricks = [
      // In a transaction that is never ended.
      'BEGIN; DELETE FROM orders WHERE id = 3',
      // What only the session of the script sees.
      'CREATE TEMP TABLE orders AS SELECT id, total FROM main.orders WHERE id < 3',
      'CREATE TEMP VIEW orders AS SELECT id, total FROM main.orders WHERE id < 3',
    ];
    for (const trick of tricks) expect(first(await grade(test, trick))?.verdict, trick).toBe('wrong_answer');
  });

  it('compare with a model on hidden seeds, and tell nothing of their data', async () => {
    const files = [
      { path: 'model.sql', content: MODEL, hidden: true },
      { path: 'none.sql', content: 'DELETE FROM orders;', hidden: true },
      { path: 'more.sql', content: `INSERT INTO customers VALUES (9, '${SECRET}');`, hidden: true },
    ];
    const seeds = [
      { name: 'as given', setup: [], visible: true },
      { name: 'no orders', setup: 'none.sql' },
      { name: 'more', setup: ['more.sql'] },
    ];
    const test = { model: 'model.sql', seeds };
    const right = await grade(test, MODEL.replace('c.name, sum(o.total)', 'c.name, sum(total)'), files);
    expect(first(right)).toMatchObject({ verdict: 'accepted', points: 5 });
    expect(first(right)?.message).toBe('Seed "as given": right\nSeed "no orders": right\nSeed "more": right');
    // Right for the data that students know, and no more.
    const fixed = "SELECT 'Ada', 42.5 UNION ALL SELECT 'Grace', 7 UNION ALL SELECT 'Edsger', NULL";
    const wrong = await grade(test, fixed, files);
    expect(first(wrong)).toMatchObject({ verdict: 'wrong_answer', points: 0 });
    expect(first(wrong)?.message).toBe(
      'Seed "as given": right\nSeed "no orders": not as expected.\nSeed "more": not as expected.',
    );
    // An error that quotes the data.
    const nosy = `SELECT name FROM customers; INSERT INTO orders SELECT id, name, json(name) FROM customers WHERE id = 9;`;
    const told = await grade(test, nosy, files);
    expect(JSON.stringify(told)).not.toContain(SECRET);
    // Nor does the assignment.
    const { body } = await app.request<{ grading: unknown }>('GET', `/assignments/${wrong.assignmentId}`, {
      token: classroom.student.token,
    });
    expect(body.grading).toMatchObject({ tests: [{ model: null, seeds: [] }], files: [{ path: 'schema.sql' }] });
    expect(JSON.stringify(body)).not.toMatch(/LEFT JOIN|Barbara|none\.sql/);
  });

  it('lay neither models nor seeds beside a submission', async () => {
    const files = [
      { path: 'model.sql', content: MODEL, hidden: true },
      { path: 'more.sql', content: 'DELETE FROM orders;', hidden: true },
    ];
    const sql = { kind: 'sql', name: 'x', points: 1, engine: 'sqlite', setup: 'schema.sql', run: 'query.sql' };
    const grading = {
      ...document({}, files),
      tests: [
        { ...sql, model: 'model.sql', seeds: [{ name: 'a', setup: 'more.sql' }] },
        {
          kind: 'program',
          name: 'looks',
          points: 1,
          run: 'ls; ls /grader',
          expect: { stdout: 'query.sql\nschema.sql\n' },
        },
      ],
    };
    const looked = await classroom.grade(grading, { files: { 'query.sql': MODEL } });
    expect(looked, JSON.stringify(looked.tests)).toMatchObject({ verdict: 'accepted', score: 2 });
  });

  it('check tables, constraints, indexes, views and triggers', async () => {
    const schema = {
      tables: {
        items: {
          columns: {
            id: { type: 'int', primaryKey: true, nullable: false },
            order_id: { nullable: false },
            price: { type: 'numeric(8,2)', default: '0' },
            note: { type: 'varchar', default: 'none', nullable: true },
          },
          onlyTheseColumns: true,
          indexes: [{ columns: ['order_id'], name: 'items_order', unique: false }],
          constraints: {
            unique: [['note', 'order_id']],
            check: ['price >= 0', "note in ('a', 'b')"],
            foreignKeys: [
              { columns: ['order_id'], references: 'orders', referencedColumns: ['id'], onDelete: 'cascade' },
            ],
          },
        },
        customers: null,
      },
      views: ['dear'],
      triggers: [{ name: 'keep', table: 'items' }],
    };
    const items = `DROP TABLE customers;
CREATE TABLE Items (
  id INTEGER PRIMARY KEY,
  order_id INTEGER NOT NULL REFERENCES orders (id) ON DELETE CASCADE, -- CHECK (nothing)
  price NUMERIC(8,2) DEFAULT 0 CHECK ( "price">=0 ),
  note VARCHAR(10) CHECK (note IN ('a','b')),
  UNIQUE (order_id, note)
);
CREATE INDEX items_order ON items (order_id);
CREATE VIEW dear AS SELECT * FROM items WHERE price > 100;
CREATE TRIGGER keep BEFORE DELETE ON items BEGIN SELECT 1; SELECT raise(ABORT, 'kept'); END;`;
    const right = await grade({ schema }, items);
    expect(first(right)?.verdict, first(right)?.message ?? '').toBe('accepted');
    const wrong = await grade({ schema }, items.replace('ON DELETE CASCADE', '').replace('DROP TABLE customers;', ''));
    expect(first(wrong)).toMatchObject({ verdict: 'wrong_answer' });
    expect(first(wrong)?.message?.split('\n')).toEqual([
      'The foreign key from "Items" (order_id) has ON DELETE NO ACTION, not CASCADE.',
      'The table "customers" is still there.',
    ]);
  });

  it('check the plan, whatever names the statement gives', async () => {
    const query = "SELECT * FROM orders AS 'o USING INDEX by_customer' WHERE customer_id = 1";
    const test = { plan: { usesIndex: 'by_customer', noFullScanOf: ['orders'] } };
    const without = await grade(test, query);
    expect(first(without)?.message).toBe(
      'The plan uses no index, not the index "by_customer".\nThe plan reads all of the table "orders".',
    );
    const made = await grade(
      { ...test, query: query.replace("'", '"').replace("'", '"') },
      'CREATE INDEX by_customer ON orders (customer_id)',
    );
    expect(first(made)?.verdict, first(made)?.message ?? '').toBe('accepted');
  });

  it.each([
    [
      'a product of tables without an end',
      'WITH RECURSIVE r(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM r LIMIT 1000) SELECT * FROM r a, r b, r c',
      'output_limit_exceeded',
    ],
    [
      'an endless recursion',
      'WITH RECURSIVE r(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM r) SELECT count(*) FROM r',
      'time_limit_exceeded',
    ],
    ['a huge value', 'SELECT hex(zeroblob(400000000))', 'memory_limit_exceeded'],
    [
      'many bytes',
      'WITH RECURSIVE r(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM r LIMIT 500) SELECT hex(zeroblob(9000)) FROM r',
      'output_limit_exceeded',
    ],
    [
      'a full disk',
      'CREATE TABLE big (x); WITH RECURSIVE r(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM r LIMIT 200) INSERT INTO big SELECT zeroblob(1000000) FROM r',
      'runtime_error',
    ],
    [
      'a view that is read for ever',
      'DROP TABLE orders; CREATE VIEW orders AS WITH RECURSIVE r(id) AS (SELECT 1 UNION ALL SELECT id + 1 FROM r) SELECT count(*) AS id FROM r',
      'time_limit_exceeded',
    ],
    ['another file', "ATTACH '/box/other.db' AS o", 'runtime_error'],
    ['a copy of the database', "VACUUM INTO '/box/copy.db'", 'runtime_error'],
    ['an extension', "SELECT load_extension('/box/x.so')", 'runtime_error'],
    ['a file of the machine', "SELECT readfile('/etc/passwd')", 'runtime_error'],
    ['the schema as a table', "PRAGMA writable_schema = ON; UPDATE sqlite_master SET sql = 'x'", 'runtime_error'],
    ['a virtual table', 'CREATE VIRTUAL TABLE v USING fts5(x)', 'runtime_error'],
    ['commands of the shell', '.shell id', 'runtime_error'],
  ])('end %s', async (_what, sql, verdict) => {
    // A case is about one limit: the others must not be met before it on a busy machine, where filling memory takes seconds.
    const limits = { timeMs: verdict === 'time_limit_exceeded' ? 1500 : 20_000, wallMs: 50_000 };
    const ended = await grade({ limits, query: 'SELECT id FROM orders', expect: { rows: [[1], [2], [3]] } }, sql);
    expect(first(ended), JSON.stringify(first(ended))).toMatchObject({ verdict, points: 0 });
  });

  it.each(['mysql', 'postgres'])('run on a server with the engine %s', async (engine) => {
    const test = { engine, expect: { rows: SUMS_ROWS, ordered: true, columns: ['name', 'total'] } };
    const right = await grade(test, SUMS);
    expect(right, JSON.stringify(right.tests)).toMatchObject({ verdict: 'accepted', score: 5 });
    const other = await grade(test, SUMS.replace('sum(', 'max('));
    expect(first(other)).toMatchObject({ verdict: 'wrong_answer', points: 0 });
    expect(first(other)?.message).toContain('1 row of 2 is not as expected, in the column "total".');
  });

  it('fail for their own faults without costing the student anything', async () => {
    const token = classroom.instructor.token;
    const faults = [
      [{}, [{ path: 'bad.sql', content: 'CRATE TABLE t' }], 'bad.sql of the test'],
      [
        { setup: 'schema.sql', model: 'm.sql' },
        [{ path: 'm.sql', content: 'SELECT nothing FROM nowhere', hidden: true }],
        'The model m.sql',
      ],
    ] as const;
    const look = async ([test, files, told]: (typeof faults)[number]): Promise<void> => {
      const whole = document({ setup: 'bad.sql', ...test }, files);
      const good = {
        kind: 'sql',
        name: 'good',
        points: 1,
        engine: 'sqlite',
        run: 'query.sql',
        expect: { rows: [[1]] },
      };
      const grading = { ...whole, tests: [good, ...whole.tests, { ...good, name: 'after it' }] };
      const { id } = await classroom.submit(await classroom.assign(grading), { files: { 'query.sql': 'SELECT 1' } });
      const ended = await classroom.ended(id);
      expect(ended).toMatchObject({ status: 'failed', verdict: 'judge_error', score: null });
      // What was in already is kept, and shown, though it counts nowhere.
      expect(ended.tests.map(({ name, verdict, points }) => [name, verdict, points])).toEqual([
        ['good', 'accepted', 1],
        ['report', 'judge_error', 0],
        ['after it', 'skipped', 0],
      ]);
      expect(JSON.stringify(ended.tests)).not.toContain(told);
      const { ended: events } = await follow(app, classroom.student, id);
      expect((await events).map(({ event }) => event)).toEqual(['status', 'status', 'test', 'test', 'test', 'status']);
      const { body } = await app.request<{ items: { reason: string; submissionId: string }[] }>(
        'GET',
        `/courses/${classroom.courseId}/incidents`,
        { token },
      );
      expect(JSON.stringify(body)).toContain(told);
    };
    await Promise.all(faults.map(look));
  });
});
