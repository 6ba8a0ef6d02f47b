import type { PlanFacts } from './plan-facts.js';
import type { ForeignKeyFacts, TableFacts } from './schema-facts.js';
import { checksIn } from './sql-text.js';

/** What SQLite's own tables and pragmas say of a table, in their words. */
export interface SqliteTable {
  readonly name: string;
  /** The CREATE TABLE. */
  readonly sql: string;
  readonly columns: readonly {
    readonly name: string;
    readonly type: string;
    readonly isNotNull: boolean;
    readonly defaultValue: string | null;
    /** Place in the primary key, from 1; 0: none. */
    readonly keyPlace: number;
  }[];
  readonly indexes: TableFacts['indexes'];
  /** One row for each column, those of a key together. */
  readonly foreignKeys: readonly {
    readonly id: number;
    readonly table: string;
    readonly from: string;
    readonly to: string | null;
    readonly onUpdate: string;
    readonly onDelete: string;
  }[];
}

/** One instruction of a prepared statement, as EXPLAIN shows it. */
export interface SqliteStep {
  readonly opcode: string;
  readonly p1: number;
  readonly p2: number;
  readonly p3: number;
}

/** Where a table or an index begins in the database file. */
export interface SqliteRoot {
  readonly type: string;
  readonly name: string;
  readonly table: string;
  readonly page: number;
}

const WITHOUT_ROWID = /\bwithout\s+rowid\b[^()]*$/i;

/** A table of SQLite in the shape of all engines. */
export function sqliteTable(table: SqliteTable): TableFacts {
  const key = table.columns.filter(({ keyPlace }) => keyPlace > 0).toSorted((a, b) => a.keyPlace - b.keyPlace);
  // Other primary keys may be NULL in SQLite, unless they say NOT NULL.
  const isRowid = key.length === 1 && key[0]?.type.toUpperCase() === 'INTEGER';
  const isKeyNotNull = isRowid || WITHOUT_ROWID.test(table.sql);
  return {
    name: table.name,
    columns: table.columns.map((column) => ({
      name: column.name,
      type: column.type,
      isNullable: !column.isNotNull && !(column.keyPlace > 0 && isKeyNotNull),
      defaultValue: column.defaultValue,
    })),
    primaryKey: key.map(({ name }) => name),
    indexes: table.indexes,
    checks: checksIn(table.sql),
    foreignKeys: foreignKeys(table.foreignKeys),
  };
}

function foreignKeys(rows: SqliteTable['foreignKeys']): ForeignKeyFacts[] {
  const ids = [...new Set(rows.map(({ id }) => id))];
  return ids.flatMap((id) => {
    const own = rows.filter((row) => row.id === id);
    const [first] = own;
    if (first === undefined) return [];
    return {
      columns: own.map(({ from }) => from),
      table: first.table,
      referencedColumns: own.flatMap(({ to }) => (to === null ? [] : [to])),
      onDelete: first.onDelete,
      onUpdate: first.onUpdate,
    };
  });
}

/**
 * What a prepared statement reads, from its instructions: EXPLAIN QUERY PLAN speaks in names that the statement chose, these
 * speak of pages of the file. A cursor that begins at the first or last entry and goes on from there reads all of them; that
 * of a MIN or MAX jumps out of its loop after the first.
 */
export function sqlitePlan(steps: readonly SqliteStep[], roots: readonly SqliteRoot[]): PlanFacts {
  const rootOf = new Map(roots.map((root) => [root.page, root]));
  const cursors = new Map<number, SqliteRoot>();
  const fromEnd = new Set<number>();
  const indexes = new Set<string>();
  const fullScans = new Set<string>();
  for (const [position, { opcode, p1, p2, p3 }] of steps.entries()) {
    if (opcode === 'OpenRead' || opcode === 'ReopenIdx') {
      const root = p3 === 0 ? rootOf.get(p2) : undefined;
      fromEnd.delete(p1);
      if (root === undefined) cursors.delete(p1);
      else cursors.set(p1, root);
      if (root?.type === 'index') indexes.add(root.name);
    } else if (opcode === 'Rewind' || opcode === 'Last') fromEnd.add(p1);
    else if (opcode === 'Count' || (fromEnd.has(p1) && goesOn(steps, position))) {
      const root = cursors.get(p1);
      if (root !== undefined) fullScans.add(root.table);
    }
  }
  return { indexes: [...indexes], fullScans: [...fullScans] };
}

function goesOn(steps: readonly SqliteStep[], position: number): boolean {
  if (steps[position]?.opcode !== 'Next' && steps[position]?.opcode !== 'Prev') return false;
  const before = steps[position - 1];
  return !(before?.opcode === 'Goto' && before.p2 > position);
}
