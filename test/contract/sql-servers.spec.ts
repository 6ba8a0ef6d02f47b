import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { BubblewrapSandbox } from '../../src/sandbox/bubblewrap-sandbox.js';
import { ServiceError, Services } from '../../src/sandbox/services/services.js';
import type { TestResult } from '../../src/grading/test-result.js';
import { gradeInSandbox } from '../support/grade-in-sandbox.js';
import { requiredSupervisor } from '../support/required-supervisor.js';
import { tracesOf } from './sandbox-traces.js';
import {
  type Engine,
  HOSTILE,
  MODEL,
  REFUSED,
  ROUTINES,
  SCHEMA,
  SCHEMAS,
  SECRET,
  SUMS,
  TRACES,
  TRICKS,
  TYPES,
} from './sql-server-scripts.js';

const PATIENT = { timeout: 120_000 };
/** Of a test that is about no limit: a busy machine must not meet one. */
const LIMITS = { timeMs: 20_000, wallMs: 60_000 };

/** One test, or several, all of the same script. */
interface Attempt {
  readonly sql: string;
  readonly test?: object;
  readonly files?: readonly object[];
  readonly limits?: object;
}

describe.each(['mysql', 'postgres'] as const)('sql tests on %s', PATIENT, (engine: Engine) => {
  let sandbox: BubblewrapSandbox;
  let services: Services;
  let before: readonly string[];

  beforeAll(async () => {
    sandbox = new BubblewrapSandbox({ driver: 'bubblewrap', concurrency: 2, supervisor: requiredSupervisor() });
    services = new Services(sandbox);
    await sandbox.probe();
    before = tracesOf().folders;
  });
  afterAll(() => sandbox.shutDown());

  const testOf = (test: object): object => ({
    kind: 'sql',
    name: 'report',
    points: 5,
    engine,
    setup: 'schema.sql',
    run: 'query.sql',
    ...test,
  });

  const gradeAll = async (
    tests: readonly object[],
    files: Readonly<Record<string, string>>,
    extra: readonly object[] = [],
    limits: object = LIMITS,
  ): Promise<readonly TestResult[]> => {
    const document = {
      runtime: 'bash',
      limits,
      files: [{ path: 'schema.sql', content: SCHEMA }, ...extra],
      tests: tests.map((test, index) => testOf({ name: `test ${index}`, ...test })),
    };
    return (await gradeInSandbox(sandbox, document, files, services)).tests;
  };

  const grade = async ({ sql, test = {}, files = [], limits }: Attempt): Promise<TestResult> => {
    const [result] = await gradeAll([test], { 'query.sql': sql }, files, limits);
    if (result === undefined) throw new Error('There is no result.');
    return result;
  };

  const accepted = async (attempt: Attempt): Promise<void> => {
    const result = await grade(attempt);
    expect(result, JSON.stringify(result)).toMatchObject({ verdict: 'accepted', points: 5 });
  };
  const wrong = async (attempt: Attempt, message: string | RegExp): Promise<void> => {
    const result = await grade(attempt);
    expect(result, JSON.stringify(result)).toMatchObject({ verdict: 'wrong_answer', points: 0 });
    if (typeof message === 'string') expect(result.message).toBe(message);
    else expect(result.message).toMatch(message);
  };

  it('compare a result with rows, and show what differs', async () => {
    const rows = [
      ['Ada', 42.5],
      ['Grace', 7],
    ];
    const test = { expect: { rows, ordered: true, columns: ['name', 'total'], types: ['text', 'decimal'] } };
    const [right, backwards, other] = await gradeAll(
      [test, { ...test, run: 'backwards.sql' }, { ...test, run: 'other.sql' }],
      {
        'query.sql': SUMS,
        'backwards.sql': SUMS.replace('DESC', 'ASC'),
        'other.sql': SUMS.replace('sum(', 'max('),
      },
    );
    expect(right, JSON.stringify(right)).toMatchObject({
      verdict: 'accepted',
      points: 5,
      stdout: '  name  | total\n  ------+------\n  Ada   | 42.50\n  Grace | 7.00',
    });
    expect(backwards?.message).toContain('not in the expected order');
    expect(other?.message).toContain('1 row of 2 is not as expected, in the column "total".');
    expect(other?.message).toContain('- Ada');
  });

  it('tell an error of the script with its line', async () => {
    const broken = await grade({ sql: 'SELECT 1;\n\nSELECT name\nFORM customers;\nSELECT 2' });
    expect(broken, JSON.stringify(broken)).toMatchObject({ verdict: 'runtime_error', points: 0 });
    expect(broken.message).toMatch(/^The script could not be run to its end\.\nLine [34]: .*(?:FORM|customers)/s);
  });

  it('keep types: NULL, long integers, decimals, real numbers, bytes, dates, JSON, and what an engine has besides', async () => {
    const { sql, rows, types } = TYPES[engine];
    await accepted({ sql, test: { expect: { rows, types } } });
    await wrong(
      { sql: sql.replace(engine === 'mysql' ? "'1'" : "'1'::text", '1'), test: { expect: { rows, types } } },
      /./,
    );
  });

  it('read the effects of a script in a session of its own', async () => {
    const rows = [
      [1, 20],
      [2, 22.5],
    ];
    const test = { query: 'SELECT id, total FROM orders', expect: { rows } };
    await accepted({ sql: 'DELETE FROM orders WHERE customer_id = 2', test });
    const tricks = { ...TRICKS.both, ...TRICKS[engine] };
    const names = Object.keys(tricks);
    const results = await gradeAll(
      names.map((run) => ({ ...test, run })),
      tricks,
    );
    for (const [index, result] of results.entries()) {
      expect(result, `${names[index]}: ${JSON.stringify(result)}`).toMatchObject({ verdict: 'wrong_answer' });
    }
  });

  it('call what a script defines, with the rights of a user of one database', async () => {
    const { sql, query, rows } = ROUTINES[engine];
    await accepted({ sql, test: { query, expect: { rows } } });
  });

  it('compare with a model on hidden seeds, and tell nothing of their data', async () => {
    const files = [
      { path: 'model.sql', content: MODEL, hidden: true },
      { path: 'none.sql', content: 'DELETE FROM orders;', hidden: true },
      { path: 'more.sql', content: `INSERT INTO customers VALUES (9, '${SECRET}');`, hidden: true },
    ];
    const seeds = [
      { name: 'none', setup: 'none.sql' },
      { name: 'as given', setup: [], visible: true },
      { name: 'more', setup: ['more.sql'] },
    ];
    const test = { model: 'model.sql', seeds };
    const right = await grade({ sql: MODEL, test, files });
    expect(right, JSON.stringify(right)).toMatchObject({ verdict: 'accepted', points: 5 });
    expect(right.message).toBe('Seed "none": right\nSeed "as given": right\nSeed "more": right');
    const fixed = "SELECT 'Ada', 42.5 UNION ALL SELECT 'Grace', 7 UNION ALL SELECT 'Edsger', NULL";
    const message = 'Seed "none": not as expected.\nSeed "as given": right\nSeed "more": not as expected.';
    await wrong({ sql: fixed, test, files }, message);
    // An error that quotes the data.
    const nosy = 'SELECT name FROM customers; INSERT INTO orders SELECT 1000, id, name FROM customers WHERE id = 9';
    const told = await grade({ sql: nosy, test, files });
    expect(told.verdict).not.toBe('accepted');
    expect(JSON.stringify(told)).not.toContain(SECRET);
  });

  it('let a script know nothing of what is hidden, of other sessions, or of what ran before it', async () => {
    const files = [
      { path: 'model.sql', content: MODEL, hidden: true },
      { path: 'seed.sql', content: `INSERT INTO customers VALUES (9, '${SECRET}');`, hidden: true },
    ];
    const { leave, look } = TRACES[engine];
    const [hidden, shown, after] = await gradeAll(
      [
        { run: 'leave.sql', model: 'model.sql', seeds: [{ name: 'a', setup: 'seed.sql' }] },
        { run: 'look.sql' },
        { run: 'look.sql' },
      ],
      { 'leave.sql': `${leave}\n${MODEL}`, 'look.sql': look },
      files,
    );
    expect(hidden, JSON.stringify(hidden)).toMatchObject({ verdict: 'accepted' });
    for (const result of [shown, after]) {
      expect(result, JSON.stringify(result)).toMatchObject({ verdict: 'accepted' });
      expect(result?.stdout?.trimEnd().split('\n').at(-1)?.trim(), JSON.stringify(result)).toBe('nothing');
    }
  });

  it('refuse what reaches beyond the database', async () => {
    const scripts = Object.fromEntries(REFUSED[engine].map((sql, index) => [`${index}.sql`, sql]));
    const tests = [...Object.keys(scripts).map((run) => ({ run })), { run: 'query.sql', expect: { rows: [[3]] } }];
    const results = await gradeAll(tests, { ...scripts, 'query.sql': 'SELECT count(*) FROM orders' });
    for (const [index, result] of results.slice(0, -1).entries()) {
      expect(result, `${REFUSED[engine][index]}: ${JSON.stringify(result)}`).toMatchObject({
        verdict: 'runtime_error',
      });
      // The server goes on.
      expect(result.message, REFUSED[engine][index]).not.toMatch(/ended|lost/);
    }
    expect(results.at(-1)?.verdict).toBe('accepted');
  });

  it('check tables, constraints, indexes, views, triggers and routines', async () => {
    const { sql, schema } = SCHEMAS[engine];
    await accepted({ sql, test: { schema } });
    await wrong(
      { sql: sql.replace('ON DELETE CASCADE', '').replace('DROP TABLE obsolete;', ''), test: { schema } },
      /^The foreign key from "items" \(order_id\) has ON DELETE (?:NO ACTION|RESTRICT), not CASCADE\.\nThe table "obsolete" is still there\.$/,
    );
  });

  it('check the plan, whatever names the statement gives', async () => {
    const query = 'SELECT * FROM orders customers WHERE total = 7';
    const test = { plan: { usesIndex: 'by_total', noFullScanOf: ['orders'] } };
    await wrong(
      { sql: query, test },
      /^The plan uses no index, not the index "by_total"\.\nThe plan reads all of the table "orders"\.$/,
    );
    await accepted({ sql: 'CREATE INDEX by_total ON orders (total)', test: { ...test, query } });
    const views =
      'CREATE VIEW v AS SELECT o.customer_id, sum(o.total) AS total FROM orders o GROUP BY o.customer_id; SELECT * FROM v x';
    await wrong(
      { sql: views, test: { plan: { noFullScanOf: ['orders'] } } },
      'The plan reads all of the table "orders".',
    );
  });

  it.each(HOSTILE.map(({ what, verdict, ...sql }) => [what, sql[engine], verdict] as const))(
    'end %s, and go on with the next test',
    async (_what, sql, verdict) => {
      const limits = {
        memoryMiB: verdict === 'runtime_error' ? 1024 : 256,
        timeMs: verdict === 'time_limit_exceeded' ? 1_000 : 20_000,
        wallMs: verdict === 'time_limit_exceeded' ? 3_000 : 60_000,
      };
      const [ended, next] = await gradeAll(
        [
          { query: 'SELECT id FROM orders', expect: { rows: [[1], [2], [3]] } },
          { limits: LIMITS, run: 'next.sql' },
        ],
        { 'query.sql': sql, 'next.sql': 'SELECT 1' },
        [],
        limits,
      );
      expect(ended, JSON.stringify(ended)).toMatchObject({ verdict, points: 0 });
      expect(next, JSON.stringify(next)).toMatchObject({ verdict: 'accepted' });
    },
  );

  it('fail for their own faults: a setup, a model, a server that is not there', async () => {
    const bad = { path: 'bad.sql', content: 'CRATE TABLE t', hidden: true };
    const failing = (test: object): Promise<TestResult> => grade({ sql: 'SELECT 1', test, files: [bad] });
    await expect(failing({ setup: ['schema.sql', 'bad.sql'] })).rejects.toThrow(/^The setup bad\.sql of the test/);
    await expect(failing({ model: 'bad.sql' })).rejects.toThrow(/^The model bad\.sql of the test/);
    const none = new ServiceError('The service is not available to this worker: install it');
    const missing = { start: () => Promise.reject(none) };
    const document = { runtime: 'bash', files: [{ path: 'schema.sql', content: SCHEMA }], tests: [testOf({})] };
    const failed = gradeInSandbox(sandbox, document, { 'query.sql': 'SELECT 1' }, missing);
    await expect(failed).rejects.toThrow('The service is not available to this worker: install it');
  });

  it('leave nothing on the machine', () => {
    expect(tracesOf().folders).toEqual(before);
  });
});
