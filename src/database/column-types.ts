import type { ColumnOptions, ColumnType, ValueTransformer } from 'typeorm';
import { type DatabaseDialect, dialectOfProcess } from '../config/env.js';

/** A column that holds no null, as primary keys require of their options. */
type RequiredColumn = ColumnOptions & { readonly nullable?: false };

interface ColumnTypes {
  /** UUIDv7 in its 36 characters. */
  readonly id: RequiredColumn;
  /** A point in time with milliseconds, UTC. */
  readonly instant: RequiredColumn;
  readonly integer: RequiredColumn;
  readonly boolean: RequiredColumn;
  /** A score or a number of points, up to three decimals. */
  readonly points: RequiredColumn;
  /** Text of up to 16 MiB and more. */
  readonly longText: RequiredColumn;
  /** A value stored as JSON text. */
  readonly json: RequiredColumn;
}

const jsonTransformer: ValueTransformer = {
  to: (value: unknown) => (value === undefined || value === null ? value : JSON.stringify(value)),
  from: (value: unknown): unknown => (typeof value === 'string' ? JSON.parse(value) : value),
};

/** The column types of one SQL dialect: what migrations and entities both use, so that they cannot drift apart. */
export function columnTypesOf(dialect: DatabaseDialect): ColumnTypes {
  const mysql = dialect === 'mysql' || dialect === 'mariadb';
  const longText: ColumnType = mysql ? 'longtext' : 'text';
  const instant: RequiredColumn =
    dialect === 'postgres'
      ? { type: 'timestamptz', precision: 3 }
      : dialect === 'sqlite'
        ? { type: 'datetime' }
        : { type: 'datetime', precision: 3 };
  return {
    id: { type: 'varchar', length: 36 },
    instant,
    integer: { type: mysql ? 'int' : 'integer' },
    boolean: { type: 'boolean' },
    points: { type: mysql ? 'double' : 'double precision' },
    longText: { type: longText },
    json: { type: longText, transformer: jsonTransformer },
  };
}

/**
 * The column types of this process's dialect. Decorators run when an entity is loaded, so the dialect is read once from
 * `DATABASE_URL` at that time; one process speaks one dialect.
 */
export const columnTypes: ColumnTypes = columnTypesOf(dialectOfProcess());

/** A short text column; at most 255 characters, so that it may be indexed on every engine. */
export function shortText(length = 255): RequiredColumn {
  return { type: 'varchar', length };
}

/** A column that may hold null. */
export function nullable(options: RequiredColumn): ColumnOptions {
  return { ...options, nullable: true };
}
