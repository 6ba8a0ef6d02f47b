import { describe, expect, it } from 'vitest';
import { type ExpectedResult, resultDifference } from '../../../../src/grading/sql/compare-results.js';
import type { SqlResult } from '../../../../src/grading/sql/sql-run.js';
import { showValue, sqlKey, type SqlComparison, type SqlValue } from '../../../../src/grading/sql/sql-value.js';

const integer = (value: string | number): SqlValue => ({ type: 'integer', value: String(value) });
const decimal = (value: string): SqlValue => ({ type: 'decimal', value });
const real = (value: number): SqlValue => ({ type: 'real', value });
const text = (value: string): SqlValue => ({ type: 'text', value });

function result(rows: readonly (readonly SqlValue[])[], columns?: readonly string[]): SqlResult {
  return { columns: columns ?? (rows[0] ?? []).map((_, index) => `c${index + 1}`), rows };
}

function difference(
  expected: Partial<ExpectedResult>,
  actual: SqlResult,
  comparison: Partial<SqlComparison> = {},
): string | null {
  const found = resultDifference({ columns: null, types: null, rows: null, isOrdered: false, ...expected }, actual, {
    floatTolerance: null,
    checkTypes: false,
    ...comparison,
  });
  return found === null ? null : [found.reason, found.table].filter((part) => part !== null).join('\n');
}

describe('values', () => {
  it.each([
    [1, integer(1)],
    [1, real(1)],
    [1, decimal('1.000')],
    ['9007199254740993', integer('9007199254740993')],
    ['0.10', decimal('0.1')],
    [-0, real(-0)],
    [1e21, decimal('1000000000000000000000')],
    [0.3, real(0.1 + 0.2)],
    [true, integer(1)],
    [false, { type: 'boolean', value: false }],
    [0, { type: 'boolean', value: false }],
    [null, null],
    ['Ada', text('Ada')],
    ['', text('')],
    [{ hex: '00FF' }, { type: 'blob', value: '00ff' }],
  ] as const)('%j is what %j is', (expected, actual) => {
    expect(difference({ rows: [[expected]] }, result([[actual]]))).toBeNull();
  });

  it.each([
    [1, integer(2)],
    [1, text('1')],
    ['1', text('1.0')],
    ['Ada', text('ada')],
    [null, integer(0)],
    [0, null],
    ['', null],
    [0.3, decimal('0.30000000000000004')],
    ['9007199254740993', integer('9007199254740992')],
    [{ hex: '00' }, text('00')],
    ['NaN', real(Number.NaN)],
    [1e308, real(Infinity)],
  ] as const)('%j is not what %j is', (expected, actual) => {
    expect(difference({ rows: [[expected]] }, result([[actual]]))).not.toBeNull();
  });

  it('may be off by a tolerance, decimals too, or by none at all', () => {
    const near = { floatTolerance: { absolute: 0.01, relative: null } };
    expect(difference({ rows: [[1.5]] }, result([[decimal('1.509')]]), near)).toBeNull();
    expect(difference({ rows: [[1.5]] }, result([[real(1.52)]]), near)).not.toBeNull();
    expect(
      difference({ rows: [[200]] }, result([[real(202)]]), { floatTolerance: { absolute: null, relative: 0.01 } }),
    ).toBeNull();
    const exact = { floatTolerance: { absolute: 0, relative: null } };
    expect(difference({ rows: [[0.3]] }, result([[real(0.1 + 0.2)]]), exact)).not.toBeNull();
  });

  it('of the model must be of one type where asked', () => {
    expect(difference({ rows: [[integer(1)]] }, result([[real(1)]]))).toBeNull();
    expect(difference({ rows: [[integer(1)]] }, result([[real(1)]]), { checkTypes: true })).not.toBeNull();
    expect(difference({ rows: [[real(1)]] }, result([[real(1)]]), { checkTypes: true })).toBeNull();
  });

  it('are shown so that none can be taken for another, or break a table', () => {
    expect(
      [null, text('NULL'), text(''), text(' a'), text('1'), text('a\nb\u202ec'), integer(1)].map(showValue),
    ).toEqual(['NULL', "'NULL'", "''", "' a'", "'1'", 'a↵b\\u{202e}c', '1']);
    expect(showValue(text('x'.repeat(1000)))).toHaveLength(41);
    expect(showValue({ type: 'blob', value: 'ab'.repeat(1000) }).length).toBeLessThan(50);
  });

  it('have one key for one number', () => {
    expect(new Set([integer(0), real(0), decimal('0.00'), decimal('-0'), 0, false].map(sqlKey)).size).toBe(1);
    expect(new Set([integer(100), real(1e2), decimal('100.0'), 100].map(sqlKey)).size).toBe(1);
  });
});

describe('rows', () => {
  const rows = [
    [integer(1), text('a')],
    [integer(2), text('b')],
    [integer(2), text('b')],
  ];

  it('are the same in any order, each as often', () => {
    const expected = [
      [2, 'b'],
      [1, 'a'],
      [2, 'b'],
    ];
    expect(difference({ rows: expected }, result(rows))).toBeNull();
    expect(difference({ rows: expected.slice(1) }, result(rows))).toBe(
      '3 rows where 2 are expected: 0 missing, 1 unexpected.\n  c1 | c2\n  ---+---\n+ 2  | b\n(- missing, + unexpected)',
    );
    expect(difference({ rows: [[1, 'a'], ...expected.slice(1)] }, result(rows))).toContain(
      '1 row of 3 is not as expected',
    );
  });

  it('are the same in their order where that counts', () => {
    expect(
      difference(
        {
          rows: [
            [1, 'a'],
            [2, 'b'],
            [2, 'b'],
          ],
          isOrdered: true,
        },
        result(rows),
      ),
    ).toBeNull();
    expect(
      difference(
        {
          rows: [
            [2, 'b'],
            [1, 'a'],
            [2, 'b'],
          ],
          isOrdered: true,
        },
        result(rows),
      ),
    ).toBe(
      'The rows are right, but not in the expected order: row 1 is the first that stands elsewhere.\n  c1 | c2\n  ---+---\n- 2  | b\n+ 1  | a\n(- expected there, + found there)',
    );
  });

  it('name the column where one row differs in one', () => {
    expect(
      difference(
        {
          rows: [
            [1, 'a'],
            [2, 'b'],
            [2, 'c'],
          ],
        },
        result(rows),
      ),
    ).toBe(
      '1 row of 3 is not as expected, in the column "c2".\n  c1 | c2\n  ---+---\n- 2  | c\n+ 2  | b\n(- missing, + unexpected)',
    );
  });

  it('can be none', () => {
    expect(difference({ rows: [] }, result([], ['a']))).toBeNull();
    expect(difference({ rows: [] }, result([[integer(1)]]))).toContain('1 row where 0 are expected');
    expect(difference({ rows: [[1]] }, result([], ['a']))).toContain('0 rows where 1 is expected');
  });

  it('are paired within a tolerance, many of them too', () => {
    const near = { floatTolerance: { absolute: 0.1, relative: null } };
    const expected = [
      [1.0, 'x'],
      [1.05, 'y'],
      [2, 'z'],
    ];
    const got = [
      [real(2.05), text('z')],
      [real(1.1), text('y')],
      [real(1.01), text('x')],
    ];
    expect(difference({ rows: expected }, result(got), near)).toBeNull();
    const many = Array.from({ length: 5_000 }, (_, index) => index);
    const shifted = result(many.toReversed().map((index) => [real(index + 0.01)]));
    expect(difference({ rows: many.map((index) => [index]) }, shifted, near)).toBeNull();
    expect(difference({ rows: many.map((index) => [index + 1]) }, shifted, near)).toContain('1 row of 5000');
  });

  it('that all differ are shown in part only', () => {
    const many = Array.from({ length: 3_000 }, (_, index) => index);
    const found = difference(
      { rows: many.map((index) => [-index - 1]) },
      result(many.map((index) => [integer(index)])),
    );
    expect(found).toContain('… and 5990 more');
    expect(found?.split('\n')).toHaveLength(14);
  });
});

describe('columns', () => {
  const actual = result([[integer(1), null]], ['id', 'Name']);

  it('are counted, named and typed', () => {
    expect(difference({ columns: ['ID', 'name'], types: ['integer', 'text'] }, actual)).toBeNull();
    expect(difference({ columns: ['id'] }, actual)).toBe('The result has 2 columns (id, Name), and 1 is expected.');
    expect(difference({ columns: ['id', 'title'] }, actual)).toBe('Column 2 is called "Name", not "title".');
    expect(difference({ types: ['real', 'text'] }, actual)).toBe(
      'Column 1 ("id") is integer in row 1, and real is expected.',
    );
    expect(difference({ rows: [[1]] }, actual)).toContain('2 columns');
  });
});
