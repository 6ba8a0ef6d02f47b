import type { DataSource, EntityManager } from 'typeorm';
import { execute, type RawRow } from './portable-sql.js';

type EntityClass<Row extends object> = new () => Row;
/** The columns of a row, and which of them have which values. Relations are no columns. */
type Values<Row extends object> = Partial<Row>;
type Driver = DataSource['driver'];
type Column = Parameters<Driver['preparePersistentValue']>[1];

/** What is known of an entity's table. Written for each data source once: it depends on the dialect. */
interface Table {
  readonly name: string;
  readonly driver: Driver;
  readonly columns: readonly Column[];
  readonly byProperty: ReadonlyMap<string, Column>;
  /** Texts of statements, by what they name. */
  readonly texts: Map<string, string>;
}

const tables = new WeakMap<DataSource, Map<unknown, Table>>();

function tableOf<Row extends object>({ dataSource }: EntityManager, entity: EntityClass<Row>): Table {
  let known = tables.get(dataSource);
  if (known === undefined) {
    known = new Map();
    tables.set(dataSource, known);
  }
  const found = known.get(entity);
  if (found !== undefined) return found;
  const { tableName, columns } = dataSource.getMetadata(entity);
  const table: Table = {
    name: tableName,
    driver: dataSource.driver,
    columns,
    byProperty: new Map(columns.map((column) => [column.propertyName, column])),
    texts: new Map(),
  };
  known.set(entity, table);
  return table;
}

function textOf({ texts }: Table, key: string, write: () => string): string {
  const known = texts.get(key);
  if (known !== undefined) return known;
  const text = write();
  texts.set(key, text);
  return text;
}

type Entries = readonly (readonly [property: string, value: unknown])[];

function propertiesOf(entries: Entries): readonly string[] {
  return entries.map(([property]) => property);
}

function columnOf({ name, byProperty }: Table, property: string): Column {
  const column = byProperty.get(property);
  if (column === undefined) throw new Error(`The table ${name} has no column for ${property}.`);
  return column;
}

/** All columns of an entity's table, as a select list for `select`; `readRow` finds them again by the same alias. */
export function columnsOf<Row extends object>(manager: EntityManager, entity: EntityClass<Row>, alias: string): string {
  const table = tableOf(manager, entity);
  return textOf(table, `columns ${alias}`, () =>
    table.columns.map(({ databaseName: name }) => `"${alias}"."${name}" AS "${alias}_${name}"`).join(', '),
  );
}

/** The entity that a row holds under an alias; null where an outer join found none. */
export function readRow<Row extends object>(
  manager: EntityManager,
  entity: EntityClass<Row>,
  alias: string,
  raw: RawRow,
): Row | null {
  const { driver, columns } = tableOf(manager, entity);
  const values: Record<string, unknown> = {};
  for (const column of columns) {
    const value = raw[`${alias}_${column.databaseName}`];
    if (column.isPrimary && (value === null || value === undefined)) return null;
    values[column.propertyName] = driver.prepareHydratedValue(value, column);
  }
  return Object.assign(new entity(), values);
}

/** Inserts whole rows, in one statement; a column that is left out becomes null. */
export async function insertRows<Row extends object>(
  manager: EntityManager,
  entity: EntityClass<Row>,
  rows: readonly Values<NoInfer<Row>>[],
): Promise<void> {
  const table = tableOf(manager, entity);
  const { columns } = table;
  const text = textOf(table, `insert ${rows.length}`, () => {
    const row = `(${columns.map(() => '?').join(', ')})`;
    const names = columns.map(({ databaseName }) => `"${databaseName}"`).join(', ');
    return `INSERT INTO "${table.name}" (${names}) VALUES ${rows.map(() => row).join(', ')}`;
  });
  const parameters: unknown[] = [];
  for (const row of rows) {
    const values: Readonly<Record<string, unknown>> = { ...row };
    for (const column of columns) {
      parameters.push(persistent(table, values[column.propertyName], column));
    }
  }
  await execute(manager, text, parameters);
}

/** What the database works out for a new row: a query of one row, and expressions over its columns. */
export interface Computed<Row extends object> {
  readonly from: string;
  readonly parameters: readonly (string | number | null)[];
  readonly expressions: Partial<Record<keyof Row & string, string>>;
}

/** Inserts one row, of which some columns come from what is there already, in one statement. */
export async function insertComputed<Row extends object>(
  manager: EntityManager,
  entity: EntityClass<Row>,
  row: Values<NoInfer<Row>>,
  { from, parameters, expressions }: Computed<NoInfer<Row>>,
): Promise<void> {
  const table = tableOf(manager, entity);
  const { columns } = table;
  const expressionOf = new Map<string, string | undefined>(Object.entries(expressions));
  const text = textOf(table, `insert computed ${[...expressionOf].join()} ${from}`, () => {
    const names = columns.map(({ databaseName }) => `"${databaseName}"`).join(', ');
    const values = columns.map(({ propertyName }) => expressionOf.get(propertyName) ?? '?').join(', ');
    return `INSERT INTO "${table.name}" (${names}) SELECT ${values} FROM (${from}) "found"`;
  });
  const values: Readonly<Record<string, unknown>> = { ...row };
  const given = columns.filter(({ propertyName }) => expressionOf.get(propertyName) === undefined);
  await execute(manager, text, [
    ...given.map((column) => persistent(table, values[column.propertyName], column)),
    ...parameters,
  ]);
}

/**
 * Changes the rows in which all columns of `where` have these values. Null matches nothing.
 *
 * @param increment columns that rise by 1 besides
 * @returns how many rows there were, changed or not
 */
export async function updateRows<Row extends object>(
  manager: EntityManager,
  entity: EntityClass<Row>,
  where: Values<NoInfer<Row>>,
  changes: Values<NoInfer<Row>>,
  increment: readonly (keyof NoInfer<Row> & string)[] = [],
): Promise<number> {
  const table = tableOf(manager, entity);
  const changed = Object.entries(changes).filter(([, value]) => value !== undefined);
  const conditions = Object.entries(where);
  const text = textOf(
    table,
    `update ${propertiesOf(changed).join()} ${increment.join()} ${propertiesOf(conditions).join()}`,
    () => {
      const nameOf = (property: string): string => `"${columnOf(table, property).databaseName}"`;
      const set = [
        ...propertiesOf(changed).map((property) => `${nameOf(property)} = ?`),
        ...increment.map((property) => `${nameOf(property)} = ${nameOf(property)} + 1`),
      ];
      return `UPDATE "${table.name}" SET ${set.join(', ')} WHERE ${matching(table, propertiesOf(conditions))}`;
    },
  );
  return execute(manager, text, parametersOf(table, [...changed, ...conditions]));
}

/** Deletes the rows in which all columns of `where` have these values, and returns how many there were. */
export async function deleteRows<Row extends object>(
  manager: EntityManager,
  entity: EntityClass<Row>,
  where: Values<NoInfer<Row>>,
): Promise<number> {
  const table = tableOf(manager, entity);
  const conditions = Object.entries(where);
  const properties = propertiesOf(conditions);
  const text = textOf(
    table,
    `delete ${properties.join()}`,
    () => `DELETE FROM "${table.name}" WHERE ${matching(table, properties)}`,
  );
  return execute(manager, text, parametersOf(table, conditions));
}

function matching(table: Table, properties: readonly string[]): string {
  if (properties.length === 0) throw new Error(`A change of ${table.name} has no condition: it would change all rows.`);
  return properties.map((property) => `"${columnOf(table, property).databaseName}" = ?`).join(' AND ');
}

function parametersOf(table: Table, entries: Entries): readonly unknown[] {
  return entries.map(([property, value]): unknown => persistent(table, value, columnOf(table, property)));
}

/** The value as the driver wants it. */
function persistent({ driver }: Table, value: unknown, column: Column): unknown {
  return driver.preparePersistentValue(value, column) ?? null;
}
