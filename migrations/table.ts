import {
  type ColumnOptions,
  type QueryRunner,
  Table,
  TableForeignKey,
  TableIndex,
  type TableColumnOptions,
} from 'typeorm';
import type { DatabaseDialect } from '../src/config/env.js';
import { columnTypesOf } from '../src/database/column-types.js';

/** The dialect of the database that a migration runs on, and its column types. */
export function columnTypesFor(
  queryRunner: QueryRunner,
): ReturnType<typeof columnTypesOf> & { readonly dialect: DatabaseDialect } {
  const type = queryRunner.dataSource.options.type;
  const dialect: DatabaseDialect = type === 'mysql' || type === 'mariadb' || type === 'postgres' ? type : 'sqlite';
  return { ...columnTypesOf(dialect), dialect };
}

function column(name: string, options: ColumnOptions): TableColumnOptions {
  return {
    name,
    type: typeof options.type === 'string' ? options.type : 'varchar',
    ...(options.length === undefined ? {} : { length: String(options.length) }),
    ...(options.precision === undefined ? {} : { precision: options.precision }),
    isNullable: options.nullable === true,
    isPrimary: options.primary === true,
  };
}

interface TableDefinition {
  readonly name: string;
  readonly columns: Readonly<Record<string, ColumnOptions>>;
  readonly indices?: readonly {
    readonly name: string;
    readonly columns: readonly string[];
    readonly unique?: boolean;
  }[];
  readonly foreignKeys?: readonly {
    readonly name: string;
    readonly column: string;
    readonly table: string;
    readonly onDelete?: 'CASCADE' | 'RESTRICT';
  }[];
}

/**
 * Creates one table with its indices and foreign keys, all of them named, alike on every engine. Does nothing where it has
 * been made already: MySQL commits a CREATE TABLE at once, in one piece, so that a process that dies then leaves the table
 * and no record of the step.
 *
 * @throws Error when a table of this name is there that is not ours
 */
export async function createTable(queryRunner: QueryRunner, definition: TableDefinition): Promise<void> {
  const present = await queryRunner.getTable(definition.name);
  if (present !== undefined && Object.keys(definition.columns).every((name) => present.findColumnByName(name))) return;
  await queryRunner.createTable(
    new Table({
      name: definition.name,
      columns: Object.entries(definition.columns).map(([name, options]) => column(name, options)),
      indices: (definition.indices ?? []).map(
        (index) =>
          new TableIndex({ name: index.name, columnNames: [...index.columns], isUnique: index.unique === true }),
      ),
      foreignKeys: (definition.foreignKeys ?? []).map(
        (key) =>
          new TableForeignKey({
            name: key.name,
            columnNames: [key.column],
            referencedTableName: key.table,
            referencedColumnNames: ['id'],
            onDelete: key.onDelete ?? 'RESTRICT',
            onUpdate: 'RESTRICT',
          }),
      ),
    }),
  );
}

interface AddedColumn {
  readonly table: string;
  readonly name: string;
  readonly options: ColumnOptions;
  /** What rows have that were written before, or by a version that does not know the column; left out: null. */
  readonly default?: string | number | boolean;
}

/**
 * Adds one column, in the same words on every engine: TypeORM's own method would copy the whole table on SQLite, and, on the
 * way down, trip over rows that refer to it. Does nothing where it is there already: MySQL commits it at once, so that a
 * process that dies then leaves the column and no record of the step.
 */
export async function addColumn(queryRunner: QueryRunner, added: AddedColumn): Promise<void> {
  if (await queryRunner.hasColumn(added.table, added.name)) return;
  const { type = 'varchar', length, precision } = added.options;
  const size = length ?? precision ?? null;
  const typeText = `${String(type)}${size === null ? '' : `(${size})`}`;
  const rule = added.default === undefined ? 'NULL' : `NOT NULL DEFAULT ${defaultText(queryRunner, added.default)}`;
  await queryRunner.query(
    `ALTER TABLE ${escape(queryRunner, added.table)} ADD COLUMN ${escape(queryRunner, added.name)} ${typeText} ${rule}`,
  );
}

/** Takes a column away again. */
export async function dropColumn(queryRunner: QueryRunner, table: string, name: string): Promise<void> {
  await queryRunner.query(`ALTER TABLE ${escape(queryRunner, table)} DROP COLUMN ${escape(queryRunner, name)}`);
}

/** Adds one index, unless it is there already. */
export async function addIndex(
  queryRunner: QueryRunner,
  table: string,
  { name, columns, unique }: { readonly name: string; readonly columns: readonly string[]; readonly unique?: boolean },
): Promise<void> {
  const present = await queryRunner.getTable(table);
  if (present?.indices.some((index) => index.name === name) === true) return;
  await queryRunner.createIndex(table, new TableIndex({ name, columnNames: [...columns], isUnique: unique === true }));
}

/** Takes one index away, unless it is gone already. */
export async function dropIndex(queryRunner: QueryRunner, table: string, name: string): Promise<void> {
  const present = await queryRunner.getTable(table);
  if (present?.indices.some((index) => index.name === name) !== true) return;
  await queryRunner.dropIndex(table, name);
}

function escape({ dataSource: { driver } }: QueryRunner, name: string): string {
  return driver.escape(name);
}

function defaultText({ dataSource: { options } }: QueryRunner, value: string | number | boolean): string {
  if (typeof value === 'string') return `'${value}'`;
  if (typeof value === 'number') return String(value);
  // As each engine prints it when it is asked for the default.
  return options.type === 'postgres' ? String(value) : String(Number(value));
}
