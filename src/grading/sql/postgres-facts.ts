import { type FactRows, factText, factWord, grouped } from './fact-rows.js';
import type { PlanFacts } from './plan-facts.js';
import type { ForeignKeyFacts, IndexFacts, SchemaFacts } from './schema-facts.js';

/** What `pg_catalog` says; tables are named first, those outside of the schema `public` with their schema and a point. */
export interface PostgresCatalogue {
  readonly tables: FactRows;
  /** Name, type, `t` where it is NOT NULL, default or NULL. */
  readonly columns: FactRows;
  /** Column, in the order of the key. */
  readonly primaryKeys: FactRows;
  /** Name, unique, partial, column or NULL for an expression; in the order of the columns. */
  readonly indexes: FactRows;
  /** Condition. */
  readonly checks: FactRows;
  /** Name of the constraint, column, table and column referred to, actions on DELETE and UPDATE; in the order of the columns. */
  readonly foreignKeys: FactRows;
  readonly views: FactRows;
  /** And the name of the trigger. */
  readonly triggers: FactRows;
  /** Name and kind: `p` a procedure, all others functions. */
  readonly routines: FactRows;
}

/** As `pg_constraint` writes them. */
const ACTIONS: Readonly<Record<string, string>> = {
  a: 'no action',
  r: 'restrict',
  c: 'cascade',
  n: 'set null',
  d: 'set default',
};

/** The tables of PostgreSQL in the shape of all engines. */
export function postgresSchema(catalogue: PostgresCatalogue): SchemaFacts {
  const columns = grouped(catalogue.columns, 0);
  const keys = grouped(catalogue.primaryKeys, 0);
  const indexes = grouped(catalogue.indexes, 0);
  const checks = grouped(catalogue.checks, 0);
  const foreignKeys = grouped(catalogue.foreignKeys, 0);
  return {
    tables: catalogue.tables.map((row) => {
      const name = factWord(row[0]);
      return {
        name,
        columns: (columns.get(name) ?? []).map((column) => ({
          name: factWord(column[1]),
          type: factWord(column[2]),
          isNullable: !isTrue(column[3]),
          defaultValue: factText(column[4]),
        })),
        primaryKey: (keys.get(name) ?? []).map((key) => factWord(key[1])),
        indexes: indexesOf(indexes.get(name) ?? []),
        checks: (checks.get(name) ?? []).map((check) => factWord(check[1])),
        foreignKeys: foreignKeysOf(foreignKeys.get(name) ?? []),
      };
    }),
    views: catalogue.views.map((row) => factWord(row[0])),
    triggers: catalogue.triggers.map((row) => ({ table: factWord(row[0]), name: factWord(row[1]) })),
    procedures: catalogue.routines.filter((row) => factText(row[1]) === 'p').map((row) => factWord(row[0])),
    functions: catalogue.routines.filter((row) => factText(row[1]) !== 'p').map((row) => factWord(row[0])),
  };
}

function isTrue(value: FactRows[number][number] | undefined): boolean {
  return factText(value ?? null) === 'true';
}

function indexesOf(rows: FactRows): IndexFacts[] {
  return [...grouped(rows, 1)].map(([name, parts]) => ({
    name,
    columns: parts.map((part) => factText(part[4])),
    isUnique: isTrue(parts[0]?.[2]),
    isPartial: isTrue(parts[0]?.[3]),
  }));
}

function foreignKeysOf(rows: FactRows): ForeignKeyFacts[] {
  return [...grouped(rows, 1).values()].map((parts) => ({
    columns: parts.map((part) => factWord(part[2])),
    table: factWord(parts[0]?.[3]),
    referencedColumns: parts.map((part) => factWord(part[4])),
    onDelete: ACTIONS[factWord(parts[0]?.[5])] ?? '',
    onUpdate: ACTIONS[factWord(parts[0]?.[6])] ?? '',
  }));
}

/** Nodes that read an index, those of bitmaps without the name of the table. */
const INDEX_NODES = new Set(['Index Scan', 'Index Only Scan', 'Bitmap Index Scan']);

/**
 * What an `EXPLAIN (FORMAT JSON, VERBOSE)` of PostgreSQL reads: a sequential scan is every row, a scan of an index without a
 * condition every entry of it. A bitmap that names no condition is that of a partial index.
 *
 * @throws SyntaxError for what is no JSON.
 */
export function postgresPlan(json: string): PlanFacts {
  const indexes = new Set<string>();
  const fullScans = new Set<string>();
  see(JSON.parse(json) as unknown);
  return { indexes: [...indexes], fullScans: [...fullScans] };

  function see(value: unknown): void {
    if (Array.isArray(value)) for (const item of value) see(item);
    if (typeof value !== 'object' || value === null) return;
    const node = new Map(Object.entries(value));
    const kind = textOf(node.get('Node Type'));
    const index = textOf(node.get('Index Name'));
    const table = tableOf(textOf(node.get('Schema')), textOf(node.get('Relation Name')));
    if (INDEX_NODES.has(kind) && index !== '') indexes.add(index);
    const readsAll = kind === 'Seq Scan' || (kind.startsWith('Index') && !node.has('Index Cond'));
    if (readsAll && table !== '') fullScans.add(table);
    // Values of other names are texts.
    for (const inner of node.values()) if (typeof inner === 'object') see(inner);
  }
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

function tableOf(schema: string, name: string): string {
  return schema === '' || schema === 'public' || name === '' ? name : `${schema}.${name}`;
}
