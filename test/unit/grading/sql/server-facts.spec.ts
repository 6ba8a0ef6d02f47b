import { describe, expect, it } from 'vitest';
import { type MysqlCatalogue, mysqlPlan, mysqlSchema } from '../../../../src/grading/sql/mysql-facts.js';
import { type PostgresCatalogue, postgresPlan, postgresSchema } from '../../../../src/grading/sql/postgres-facts.js';
import type { SqlValue } from '../../../../src/grading/sql/sql-value.js';

const row = (...cells: readonly (string | null)[]): readonly SqlValue[] =>
  cells.map((cell) => (cell === null ? null : { type: 'text', value: cell }));
const truth = (value: boolean): SqlValue => ({ type: 'boolean', value });

const MYSQL: MysqlCatalogue = {
  tables: [row('orders')],
  columns: [
    row('orders', 'id', 'int(11)', 'NO', null),
    row('orders', 'note', 'varchar(10)', 'YES', 'NULL'),
    row('orders', 'data', 'longtext', 'YES', "'{}'"),
  ],
  statistics: [
    row('orders', 'PRIMARY', 'id', '0', null),
    row('orders', 'start', 'note', '0', '2'),
    row('orders', 'both', 'note', '1', null),
    row('orders', 'both', null, '1', null),
  ],
  checks: [row('orders', 'json_valid(`data`)'), row('orders', '`id` > 0')],
  foreignKeys: [
    row('orders', 'fk', 'id', 'customers', 'id', 'CASCADE', 'RESTRICT'),
    row('orders', 'fk', 'note', 'customers', 'note', 'CASCADE', 'RESTRICT'),
  ],
  views: [row('v', 'select 1')],
  triggers: [row('orders', 'keep')],
  routines: [row('p', 'PROCEDURE'), row('f', 'FUNCTION')],
  isMariaDb: true,
};

describe('what MySQL and MariaDB say of their tables', () => {
  it('is told in the shape of all engines', () => {
    const facts = mysqlSchema(MYSQL);
    expect(facts.tables).toEqual([
      {
        name: 'orders',
        columns: [
          { name: 'id', type: 'int(11)', isNullable: false, defaultValue: null },
          { name: 'note', type: 'varchar(10)', isNullable: true, defaultValue: null },
          // MariaDB's JSON is text with a condition.
          { name: 'data', type: 'json', isNullable: true, defaultValue: "'{}'" },
        ],
        primaryKey: ['id'],
        indexes: [
          { name: 'PRIMARY', columns: ['id'], isUnique: true, isPartial: false },
          { name: 'start', columns: ['note'], isUnique: true, isPartial: true },
          { name: 'both', columns: ['note', null], isUnique: false, isPartial: false },
        ],
        checks: ['`id` > 0'],
        foreignKeys: [
          {
            columns: ['id', 'note'],
            table: 'customers',
            referencedColumns: ['id', 'note'],
            onDelete: 'CASCADE',
            onUpdate: 'RESTRICT',
          },
        ],
      },
    ]);
    expect(facts).toMatchObject({
      views: ['v'],
      triggers: [{ name: 'keep', table: 'orders' }],
      procedures: ['p'],
      functions: ['f'],
    });
    // A text of MySQL is not in quotes, and may be this word.
    expect(mysqlSchema({ ...MYSQL, isMariaDb: false }).tables[0]?.columns[1]?.defaultValue).toBe('NULL');
  });
});

const NAMES = { database: 'app', tables: ['orders', 'customers'], statements: [] };
const planOf = (...tables: readonly object[]): string =>
  JSON.stringify({ query_block: { nested_loop: tables.map((table) => ({ table })) } });

describe('a plan of MySQL and MariaDB', () => {
  it('names tables as they are called in the statement, and is read by their own names', () => {
    const statement =
      'select `o x`.`id` AS `id` from `app`.`orders` `o x` join `app`.`customers` where `app`.`customers`.`id` = `o x`.`id`';
    const names = { ...NAMES, statements: [statement] };
    const plan = planOf(
      { table_name: 'o x', access_type: 'ALL' },
      { table_name: 'customers', access_type: 'eq_ref', key: 'PRIMARY' },
    );
    expect(mysqlPlan(plan, names)).toEqual({ indexes: ['PRIMARY'], fullScans: ['orders'] });
  });

  it.each([
    ['every entry of an index', { table_name: 'orders', access_type: 'index', key: 'k' }, ['k'], ['orders']],
    ['a part of it', { table_name: 'orders', access_type: 'range', key: 'k' }, ['k'], []],
    [
      'indexes that are merged (MySQL)',
      { table_name: 'orders', access_type: 'index_merge', key: 'union(a,b)' },
      ['a', 'b'],
      [],
    ],
    [
      'indexes that are merged (MariaDB)',
      {
        table_name: 'orders',
        access_type: 'index_merge',
        index_merge: { union: [{ range: { key: 'a' } }, { range: { key: 'b' } }] },
      },
      ['a', 'b'],
      [],
    ],
    ['a result of its own', { table_name: '<derived2>', access_type: 'ref', key: 'key0' }, [], []],
    ['nothing', { message: 'Select tables optimized away' }, [], []],
    ['who knows what', { table_name: 'z', access_type: 'ALL' }, [], ['orders', 'customers']],
  ])('that reads %s', (_what, table, indexes, fullScans) => {
    expect(mysqlPlan(planOf(table), NAMES)).toEqual({ indexes, fullScans });
  });

  it('is not deceived by a name that looks like another place', () => {
    const statements = ["select 1 from `app`.`orders` `x``.``customers` where '`app`.`customers` `orders`' = 1"];
    const plan = planOf({ table_name: 'x`.`customers', access_type: 'ALL' });
    expect(mysqlPlan(plan, { ...NAMES, statements }).fullScans).toEqual(['orders']);
  });

  it('reads what a view reads', () => {
    const inner = { query_block: { table: { table_name: 'q', access_type: 'ALL' } } };
    const plan = planOf({ table_name: '<derived2>', access_type: 'ALL', materialized: inner });
    const statements = ['select `q`.`id` AS `id` from `app`.`orders` `q`'];
    expect(mysqlPlan(plan, { ...NAMES, statements })).toEqual({ indexes: [], fullScans: ['orders'] });
  });
});

const POSTGRES: PostgresCatalogue = {
  tables: [row('orders'), row('shop.orders')],
  columns: [
    [...row('orders', 'id', 'integer'), truth(true), null],
    [...row('orders', 'note', 'character varying(10)'), truth(false), ...row("'new'::character varying")],
  ],
  primaryKeys: [row('orders', 'id')],
  indexes: [
    [...row('orders', 'orders_pkey'), truth(true), truth(false), ...row('id')],
    [...row('orders', 'some'), truth(true), truth(true), null],
  ],
  checks: [row('orders', '(id > 0)')],
  foreignKeys: [row('orders', 'fk', 'id', 'customers', 'id', 'n', 'a')],
  views: [row('v')],
  triggers: [row('orders', 'keep')],
  routines: [row('p', 'p'), row('f', 'f')],
};

describe('what PostgreSQL says of its tables', () => {
  it('is told in the shape of all engines', () => {
    const facts = postgresSchema(POSTGRES);
    expect(facts.tables[0]).toEqual({
      name: 'orders',
      columns: [
        { name: 'id', type: 'integer', isNullable: false, defaultValue: null },
        { name: 'note', type: 'character varying(10)', isNullable: true, defaultValue: "'new'::character varying" },
      ],
      primaryKey: ['id'],
      indexes: [
        { name: 'orders_pkey', columns: ['id'], isUnique: true, isPartial: false },
        { name: 'some', columns: [null], isUnique: true, isPartial: true },
      ],
      checks: ['(id > 0)'],
      foreignKeys: [
        { columns: ['id'], table: 'customers', referencedColumns: ['id'], onDelete: 'set null', onUpdate: 'no action' },
      ],
    });
    expect(facts.tables[1]).toMatchObject({ name: 'shop.orders', columns: [], primaryKey: [], indexes: [] });
    expect(facts).toMatchObject({
      views: ['v'],
      triggers: [{ name: 'keep', table: 'orders' }],
      procedures: ['p'],
      functions: ['f'],
    });
  });
});

const scan = (node: object): string =>
  JSON.stringify([
    { Plan: { 'Node Type': 'Limit', Plans: [{ Schema: 'public', 'Relation Name': 'orders', Alias: 'o', ...node }] } },
  ]);

describe('a plan of PostgreSQL', () => {
  it.each([
    ['every row', { 'Node Type': 'Seq Scan' }, [], ['orders']],
    ['every row of a table elsewhere', { 'Node Type': 'Seq Scan', Schema: 'shop' }, [], ['shop.orders']],
    ['a part of an index', { 'Node Type': 'Index Scan', 'Index Name': 'k', 'Index Cond': '(a = 1)' }, ['k'], []],
    ['all of an index', { 'Node Type': 'Index Only Scan', 'Index Name': 'k' }, ['k'], ['orders']],
    [
      'a bitmap',
      {
        'Node Type': 'Bitmap Heap Scan',
        Plans: [{ 'Node Type': 'Bitmap Index Scan', 'Index Name': 'k', 'Index Cond': '(a = 1)' }],
      },
      ['k'],
      [],
    ],
    ['names in texts', { 'Node Type': 'Result', Output: ['"Node Type": "Seq Scan"'] }, [], []],
  ])('that reads %s', (_what, node, indexes, fullScans) => {
    expect(postgresPlan(scan(node))).toEqual({ indexes, fullScans });
  });
});
