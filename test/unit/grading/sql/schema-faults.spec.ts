import { describe, expect, it } from 'vitest';
import { checksIn, plainExpression, sameSqlType } from '../../../../src/grading/sql/sql-text.js';
import { sqlitePlan, sqliteTable } from '../../../../src/grading/sql/sqlite-facts.js';

describe('types of columns', () => {
  it.each([
    ['integer', 'INT'],
    ['int', 'int(11)'],
    ['INTEGER', 'serial'],
    ['decimal(10, 2)', 'numeric(10,2)'],
    ['varchar', 'character varying(20)'],
    ['varchar(20)', 'character varying(20)'],
    ['boolean', 'tinyint(1)'],
    ['timestamp', 'timestamp without time zone'],
    ['timestamp(3)', 'timestamp(3) without time zone'],
    ['double', 'double precision'],
  ])('%s is %s', (expected, actual) => expect(sameSqlType(expected, actual)).toBe(true));

  it.each([
    ['varchar(20)', 'varchar(30)'],
    ['varchar(20)', 'varchar'],
    ['integer', 'bigint'],
    ['text', ''],
  ])('%s is not %s', (expected, actual) => expect(sameSqlType(expected, actual)).toBe(false));
});

describe('conditions and defaults', () => {
  it.each([
    ['price >= 0', '((price >= (0)::numeric))'],
    ['price >= 0', '`price` >= 0'],
    ["state IN ('new', 'Paid')", "((state = ANY (ARRAY['new'::text, 'Paid'::text])))"],
    ["state IN ('new','Paid')", "state in ('new','Paid')"],
    ["state IN ('a', 'b')", "((state)::text = ANY ((ARRAY['a'::character varying, 'b'::character varying])::text[]))"],
    ['n BETWEEN 1 AND 5', '((n >= 1) AND (n <= 5))'],
    ["'new'", "'new'::character varying"],
    ['"Price"<>1', 'price != 1'],
    ['CURRENT_TIMESTAMP', 'now()'],
    ['CURRENT_TIMESTAMP', 'current_timestamp()'],
  ])('%s is %s', (expected, actual) => expect(plainExpression(actual)).toBe(plainExpression(expected)));

  it.each([
    ["'new'", "'New'"],
    ['a > 0', 'a >= 0'],
    ['a > 0', 'b > 0'],
  ])('%s is not %s', (expected, actual) => expect(plainExpression(actual)).not.toBe(plainExpression(expected)));

  it('are found in what SQLite keeps, and not in strings and comments', () => {
    const table = `CREATE TABLE t (a CHECK (a > (1)) DEFAULT 'CHECK (b)', -- check (c)\n "check" (d), CHECK(f(')') = 1) )`;
    expect(checksIn(table)).toEqual(['a > (1)', "f(')') = 1"]);
    expect(checksIn('CREATE TABLE t (a CHECK (')).toEqual([]);
  });
});

describe('a table of SQLite', () => {
  const column = { name: 'id', type: 'INTEGER', isNotNull: false, defaultValue: null, keyPlace: 1 };
  const table = { name: 't', sql: 'CREATE TABLE t (id)', columns: [column], indexes: [], foreignKeys: [] };

  it('has NULL in a primary key only where SQLite lets it', () => {
    expect(sqliteTable(table).columns[0]?.isNullable).toBe(false);
    const text = { ...table, columns: [{ ...column, type: 'TEXT' }] };
    expect(sqliteTable(text).columns[0]?.isNullable).toBe(true);
    expect(sqliteTable({ ...text, sql: 'CREATE TABLE t (id) STRICT, WITHOUT ROWID' }).columns[0]?.isNullable).toBe(
      false,
    );
  });
});

const step = (opcode: string, p1: number, p2 = 0, p3 = 0) => ({ opcode, p1, p2, p3 });

describe('a plan of SQLite', () => {
  const roots = [
    { type: 'table', name: 't', table: 't', page: 2 },
    { type: 'index', name: 'i', table: 't', page: 3 },
  ];

  it('reads all where a loop goes from one end to the other', () => {
    const scan = [step('OpenRead', 0, 2), step('Rewind', 0, 9), step('ResultRow', 1), step('Next', 0, 2)];
    expect(sqlitePlan(scan, roots)).toEqual({ indexes: [], fullScans: ['t'] });
    const search = [step('OpenRead', 1, 3), step('SeekGE', 1, 9), step('ResultRow', 1), step('Next', 1, 2)];
    expect(sqlitePlan(search, roots)).toEqual({ indexes: ['i'], fullScans: [] });
    const least = [step('OpenRead', 1, 3), step('Rewind', 1, 9), step('Goto', 0, 9), step('Next', 1, 2)];
    expect(sqlitePlan(least, roots).fullScans).toEqual([]);
    const temporary = [step('OpenRead', 0, 2, 1), step('Rewind', 0, 9), step('Next', 0, 2)];
    expect(sqlitePlan(temporary, roots).fullScans).toEqual([]);
  });
});
