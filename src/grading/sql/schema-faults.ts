import type {
  SqlColumnExpectation,
  SqlForeignKeyExpectation,
  SqlIndexExpectation,
  SqlSchemaExpectation,
  SqlTableExpectation,
} from './schema-expectation.js';
import type { ColumnFacts, ForeignKeyFacts, SchemaFacts, TableFacts } from './schema-facts.js';
import { plainExpression, sameSqlType } from './sql-text.js';
import { canonicalNumber } from './sql-value.js';

/** The default of a column that must have none. */
const NO_DEFAULT = 'none';

/**
 * What of the expected tables and other objects is missing or different, in sentences; empty when nothing is. Names are
 * compared without regard to case: engines fold them in different ways.
 */
export function schemaFaults(expected: SqlSchemaExpectation, facts: SchemaFacts): string[] {
  return [
    ...Object.entries(expected.tables).flatMap(([name, table]) => tableFaults(name, table, facts)),
    ...missing('view', expected.views, facts.views),
    ...expected.triggers.flatMap(({ name, table }) => {
      const trigger = facts.triggers.find((other) => same(other.name, name));
      if (trigger === undefined) return [`There is no trigger "${name}".`];
      if (table === null || same(trigger.table, table)) return [];
      return [`The trigger "${name}" belongs to the table "${trigger.table}", not to "${table}".`];
    }),
    ...missing('procedure', expected.procedures, facts.procedures),
    ...missing('function', expected.functions, facts.functions),
  ];
}

function missing(what: string, names: readonly string[], there: readonly string[]): string[] {
  return names.flatMap((name) => (there.some((other) => same(other, name)) ? [] : [`There is no ${what} "${name}".`]));
}

function tableFaults(name: string, expected: SqlTableExpectation | null, { tables }: SchemaFacts): string[] {
  const table = tables.find((other) => same(other.name, name));
  if (expected === null) return table === undefined ? [] : [`The table "${name}" is still there.`];
  if (table === undefined) return [`There is no table "${name}".`];
  const names = Object.keys(expected.columns);
  const others = table.columns.filter((column) => !names.some((wanted) => same(wanted, column.name)));
  return [
    ...Object.entries(expected.columns).flatMap(([column, wanted]) => columnFaults(table, column, wanted)),
    ...(expected.onlyTheseColumns && others.length > 0
      ? [`The table "${name}" has columns that it should not have: ${list(others.map((column) => column.name))}.`]
      : []),
    ...expected.indexes.flatMap((index) => indexFaults(table, index)),
    ...constraintFaults(table, expected.constraints),
  ];
}

function columnFaults(table: TableFacts, name: string, expected: SqlColumnExpectation | null): string[] {
  const column = table.columns.find((other) => same(other.name, name));
  const what = `"${table.name}.${name}"`;
  if (expected === null) return column === undefined ? [] : [`The column ${what} is still there.`];
  if (column === undefined) return [`There is no column ${what}.`];
  const isKey = table.primaryKey.some((other) => same(other, name));
  const faults: string[] = [];
  if (expected.type !== null && !sameSqlType(expected.type, column.type)) {
    faults.push(`The column ${what} is ${column.type === '' ? 'of no type' : column.type}, not ${expected.type}.`);
  }
  if (expected.nullable !== null && expected.nullable !== column.isNullable) {
    faults.push(
      `The column ${what} ${column.isNullable ? 'may be NULL and should not' : 'may not be NULL and should'}.`,
    );
  }
  if (expected.default !== null) faults.push(...defaultFaults(what, expected.default, column));
  if (expected.primaryKey !== null && expected.primaryKey !== isKey) {
    faults.push(`The column ${what} is ${isKey ? '' : 'not '}in the primary key and should ${isKey ? 'not ' : ''}be.`);
  }
  return faults;
}

function defaultFaults(what: string, expected: string, { defaultValue }: ColumnFacts): string[] {
  if (expected === NO_DEFAULT) {
    return defaultValue === null ? [] : [`The column ${what} has the default ${defaultValue} and should have none.`];
  }
  if (defaultValue === null) return [`The column ${what} has no default.`];
  // MySQL keeps the text of a default without its quotes.
  const isSame = [defaultValue, `'${defaultValue}'`].some((text) =>
    sameDefault(plainExpression(text), plainExpression(expected)),
  );
  return isSame ? [] : [`The column ${what} has the default ${defaultValue}, not ${expected}.`];
}

/** MySQL keeps a number with the digits of its column. */
function sameDefault(one: string, other: string): boolean {
  if (one === other) return true;
  const number = canonicalNumber(one.replaceAll(' ', ''));
  return number !== null && number === canonicalNumber(other.replaceAll(' ', ''));
}

function indexFaults(table: TableFacts, { columns, name, unique }: SqlIndexExpectation): string[] {
  const called = name === null ? '' : ` "${name}"`;
  const found = table.indexes.filter(
    (index) =>
      sameList(columns, index.columns) &&
      (name === null || same(index.name, name)) &&
      (unique === null || index.isUnique === unique),
  );
  if (found.length > 0) return [];
  const kind = unique === null ? '' : unique ? 'unique ' : 'non-unique ';
  return [`There is no ${kind}index${called} on "${table.name}" (${columns.join(', ')}).`];
}

function constraintFaults(table: TableFacts, expected: SqlTableExpectation['constraints']): string[] {
  const faults: string[] = [];
  const { primaryKey } = expected;
  if (primaryKey !== null && !sameList(primaryKey, table.primaryKey)) {
    const got = table.primaryKey.length === 0 ? 'no primary key' : `the primary key (${table.primaryKey.join(', ')})`;
    faults.push(`The table "${table.name}" has ${got}, not (${primaryKey.join(', ')}).`);
  }
  for (const columns of expected.unique) {
    const isUnique = [
      table.primaryKey,
      ...table.indexes.flatMap((index) => (index.isUnique && !index.isPartial ? [index.columns] : [])),
    ];
    if (!isUnique.some((other) => sameSet(columns, other))) {
      faults.push(`Nothing keeps "${table.name}" (${columns.join(', ')}) unique.`);
    }
  }
  for (const condition of expected.check) {
    if (!table.checks.some((other) => plainExpression(other) === plainExpression(condition))) {
      faults.push(`The table "${table.name}" has no CHECK (${condition}).`);
    }
  }
  return [...faults, ...expected.foreignKeys.flatMap((key) => foreignKeyFaults(table, key))];
}

function foreignKeyFaults(table: TableFacts, expected: SqlForeignKeyExpectation): string[] {
  const what = `"${table.name}" (${expected.columns.join(', ')})`;
  const candidates = table.foreignKeys.filter(
    (key) => sameSet(expected.columns, key.columns) && same(key.table, expected.references),
  );
  const [key] = candidates;
  if (key === undefined) return [`There is no foreign key from ${what} to "${expected.references}".`];
  if (candidates.some((candidate) => keyFaults(what, candidate, expected).length === 0)) return [];
  return keyFaults(what, key, expected);
}

function keyFaults(what: string, key: ForeignKeyFacts, expected: SqlForeignKeyExpectation): string[] {
  const faults: string[] = [];
  const { referencedColumns, onDelete, onUpdate } = expected;
  if (referencedColumns !== null && key.referencedColumns.length > 0) {
    if (!sameList(pairs(expected.columns, referencedColumns), pairs(key.columns, key.referencedColumns), sameSet)) {
      faults.push(
        `The foreign key from ${what} refers to (${key.referencedColumns.join(', ')}), not (${referencedColumns.join(', ')}).`,
      );
    }
  }
  for (const [when, wanted, got] of [
    ['ON DELETE', onDelete, key.onDelete],
    ['ON UPDATE', onUpdate, key.onUpdate],
  ] as const) {
    if (wanted !== null && action(wanted) !== action(got)) {
      faults.push(`The foreign key from ${what} has ${when} ${got.toUpperCase()}, not ${wanted.toUpperCase()}.`);
    }
  }
  return faults;
}

/** MySQL does the same for both, and says now one, now the other. */
function action(name: string): string {
  return name.toLowerCase() === 'restrict' ? 'no action' : name.toLowerCase();
}

function pairs(columns: readonly string[], referenced: readonly string[]): string[] {
  return columns.map((column, index) => `${column}\n${referenced[index] ?? ''}`);
}

function same(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase();
}

function sameList(
  a: readonly string[],
  b: readonly (string | null)[],
  compare = (x: readonly string[], y: readonly (string | null)[]): boolean =>
    x.every((name, index) => same(name, y[index] ?? '')),
): boolean {
  return a.length === b.length && compare(a, b);
}

function sameSet(a: readonly string[], b: readonly (string | null)[]): boolean {
  return a.length === b.length && a.every((name) => b.some((other) => other !== null && same(name, other)));
}

function list(names: readonly string[]): string {
  const shown = names.slice(0, 10).map((name) => `"${name}"`);
  return shown.join(', ') + (names.length > shown.length ? ', …' : '');
}
