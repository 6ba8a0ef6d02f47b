import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { DEFAULT_LIMITS } from '../../../../src/grading/limits.js';
import { parseGradingDocument } from '../../../../src/grading/parse-grading-document.js';
import { judgeOnlyFiles } from '../../../../src/grading/sql/judge-only-files.js';
import { judgeSql, type SeedRun } from '../../../../src/grading/sql/judge-sql.js';
import type { SqlRun } from '../../../../src/grading/sql/sql-run.js';
import type { SqlTest } from '../../../../src/grading/grading-document.js';
import { presentGradingDocument } from '../../../../src/grading/visibility.js';

const { timeMs, wallMs, memoryMiB, processes, outputKiB, diskMiB } = DEFAULT_LIMITS;
const options = { runtimes: ['bash'], ceilings: { timeMs, wallMs, memoryMiB, processes, outputKiB, diskMiB } };

const FILES = [
  { path: 'schema.sql', content: 'CREATE TABLE t (a);' },
  { path: 'model.sql', content: 'SELECT 1;', hidden: true },
  { path: 'seed.sql', content: 'SELECT 1;', hidden: true },
];
const TEST = { kind: 'sql', name: 'x', points: 1, engine: 'sqlite', setup: 'schema.sql', run: 'query.sql' };
const documentWith = (test: object, files: readonly object[] = []) => ({
  runtime: 'bash',
  files: [...FILES, ...files],
  tests: [{ ...TEST, ...test }],
});

function parsed(input: unknown) {
  const result = parseGradingDocument(input, options);
  if (!result.ok) throw new Error(JSON.stringify(result.errors));
  return result.document;
}

function sqlTest(test: object): SqlTest {
  const [first] = parsed(documentWith(test)).tests;
  if (first?.kind !== 'sql') throw new Error('No sql test.');
  return first;
}

function faults(test: object, files: readonly object[] = []): string[] {
  const result = parseGradingDocument(documentWith(test, files), options);
  return result.ok ? [] : result.errors.map(({ path, message }) => `${path} ${message}`);
}

describe('a sql test', () => {
  it('has its defaults filled in, and is itself one that parses to the same', () => {
    const full = {
      expect: { columns: ['a'], types: ['integer'], floatTolerance: { absolute: 1 } },
      model: 'model.sql',
      seeds: [{ name: 's', setup: ['seed.sql'] }],
      plan: { usesIndex: true },
      schema: { tables: { t: { columns: { a: {}, b: null }, constraints: { unique: [['a']] } }, u: null } },
    };
    const document = parsed(documentWith(full));
    expect(document.tests[0]).toMatchObject({
      setup: ['schema.sql'],
      query: null,
      expect: { rows: null, ordered: false, checkNames: true, floatTolerance: { absolute: 1, relative: null } },
      seeds: [{ visible: false }],
      plan: { usesIndex: true, noFullScanOf: [] },
      schema: { tables: { t: { columns: { a: { type: null }, b: null } }, u: null }, triggers: [] },
    });
    expect(parsed(JSON.parse(JSON.stringify(document)))).toEqual(document);
  });

  it.each([
    [
      'a setup that is not there',
      { setup: ['schema.sql', 'no.sql'] },
      '/tests/0/setup/1 is not the path of a file in `files`',
    ],
    ['a script of the document', { run: 'schema.sql' }, '/tests/0/run is a file in `files`'],
    ['a way out', { run: '../x.sql' }, '/tests/0/run must stay in its folder'],
    ['two statements in a query', { query: 'SELECT 1; SELECT 2' }, '/tests/0/query must be one statement, and is 2'],
    ['rows and a model', { expect: { rows: [[1]] }, model: 'model.sql' }, '/tests/0/expect/rows excludes `model`'],
    ['a model that is shown', { model: 'schema.sql' }, '/tests/0/model is shown to students: set `hidden: true`'],
    [
      'rows of two widths',
      { expect: { rows: [[1], [1, 2]] } },
      '/tests/0/expect/rows/1 has 2 values, and 1 are needed',
    ],
    ['types without a model', { expect: { checkTypes: true } }, '/tests/0/expect/checkTypes needs a `model`'],
    ['an empty tolerance', { expect: { floatTolerance: {} } }, '/tests/0/expect/floatTolerance must name'],
    ['an unknown engine', { engine: 'oracle' }, '/tests/0/engine must be one of sqlite'],
    ['a result and a query', { query: 'SELECT 1', resultSet: 2 }, '/tests/0/query excludes `resultSet`'],
    [
      'seeds of one name',
      {
        seeds: [
          { name: 'a', setup: [] },
          { name: 'a', setup: 'no.sql' },
        ],
      },
      '/tests/0/seeds/1/name is also the name of /seeds/0',
    ],
    [
      'an unknown action',
      {
        schema: {
          tables: { t: { constraints: { foreignKeys: [{ columns: ['a'], references: 'u', onDelete: 'x' }] } } },
        },
      },
      '/tests/0/schema/tables/t/constraints/foreignKeys/0/onDelete must be one of no action',
    ],
  ])('is refused with %s', (_what, test, fault) => {
    expect(
      faults(test).some((found) => found.startsWith(fault)),
      faults(test).join('\n'),
    ).toBe(true);
  });

  it('is refused with a setup for the shell of the engine, by its line', () => {
    const files = [{ path: 'dump.sql', content: 'SELECT 1;\n.read x' }];
    expect(faults({ setup: 'dump.sql' }, files)).toEqual([
      '/tests/0/setup cannot be run, because of line 2: Commands of the sqlite3 program, which begin with a dot, are no SQL.',
    ]);
  });

  it('keeps models and hidden seeds from submissions and students', () => {
    const document = parsed(
      documentWith({ model: 'model.sql', seeds: [{ name: 's', setup: ['seed.sql', 'schema.sql'] }] }),
    );
    expect([...judgeOnlyFiles(document)]).toEqual(['model.sql', 'seed.sql']);
    const context = { now: new Date(0), dueAt: null };
    expect(presentGradingDocument(document, 'student', context)).toMatchObject({
      files: [{ path: 'schema.sql' }],
      tests: [{ model: null, seeds: [] }],
    });
  });
});

describe('the examples of docs/grading-sql.md', () => {
  const page = readFileSync(new URL('../../../../docs/grading-sql.md', import.meta.url), 'utf8');
  const examples = [...page.matchAll(/```yaml\n([\s\S]*?)```/g)].map((match) => match[1] ?? '');

  it.each(examples.map((example, index) => [index + 1, example] as const))('number %d is valid', (_number, example) => {
    const written: unknown = parse(example);
    const document = Array.isArray(written)
      ? { runtime: 'bash', files: FILES, tests: written }
      : { runtime: 'bash', ...(written as object) };
    expect(parseGradingDocument(document, options)).toMatchObject({ ok: true });
  });

  it('are there', () => expect(examples.length).toBeGreaterThan(4));
});

describe('judging a sql test', () => {
  const done: SqlRun = {
    phase: 'check',
    failure: null,
    result: { columns: ['a'], rows: [[{ type: 'integer', value: '1' }]] },
    resultCount: 1,
    schema: null,
    plan: null,
    shadows: [],
  };
  const seedRun = (run: Partial<SqlRun>, seed: SeedRun['seed'] = null): SeedRun => ({
    seed,
    run: { ...done, ...run },
    model: null,
  });

  it('is never a success without a run, or without the result of its model', () => {
    expect(judgeSql(sqlTest({}), [])).toMatchObject({ verdict: 'judge_error', points: 0 });
    expect(judgeSql(sqlTest({ model: 'model.sql' }), [seedRun({})])).toMatchObject({
      verdict: 'judge_error',
      points: 0,
    });
  });

  it('names the limit, and when it was met', () => {
    const judged = judgeSql(sqlTest({}), [seedRun({ failure: { kind: 'wall_limit' } })], DEFAULT_LIMITS);
    expect(judged).toEqual({
      verdict: 'time_limit_exceeded',
      points: 0,
      message: 'The script ran longer than it may (6000 ms) when the result was read.',
    });
  });

  it('quotes neither rows nor errors of a hidden seed', () => {
    const test = sqlTest({ expect: { rows: [[42]] } });
    const failure = { kind: 'error', message: 'secret', line: 1, isSyntax: false } as const;
    const runs = [
      seedRun({}, { name: 'open', isVisible: true }),
      seedRun({}, { name: 'rows', isVisible: false }),
      seedRun({ phase: 'script', failure }, { name: 'error', isVisible: false }),
    ];
    const { message, verdict } = judgeSql(test, runs);
    expect(verdict).toBe('wrong_answer');
    const [first, ...others] = message?.split('\nSeed ') ?? [];
    expect(first).toContain('- 42');
    expect(others).toEqual(['"rows": not as expected.', '"error": the script could not be run to its end.']);
  });

  it('refuses what has the name of something built in', () => {
    const judged = judgeSql(sqlTest({ expect: { rows: [[1]] } }), [seedRun({ shadows: ['the function lower'] })]);
    expect(judged.verdict).toBe('wrong_answer');
  });
});
