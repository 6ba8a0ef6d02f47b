import type { PlanFacts } from '../../grading/sql/plan-facts.js';
import type { SchemaFacts } from '../../grading/sql/schema-facts.js';
import { sqlitePlan, sqliteTable, type SqliteTable } from '../../grading/sql/sqlite-facts.js';
import type { SqlFailure, SqlResult, SqlRun } from '../../grading/sql/sql-run.js';
import type { SqlValue } from '../../grading/sql/sql-value.js';
import { GradingFault } from '../grading-fault.js';

/** What the program in the sandbox told, as far as it came. */
export interface SqliteReport extends Omit<SqlRun, 'shadows'> {
  readonly failedFile: string | null;
  /** True: it came to its end by itself, also where it ended with a failure that it told. */
  readonly isWhole: boolean;
}

const LIMITS: ReadonlyMap<unknown, SqlFailure['kind']> = new Map([
  ['rows', 'rows_limit'],
  ['output', 'output_limit'],
  ['memory', 'memory_limit'],
] as const);

/**
 * Reads what the harness wrote. A last line without its end is left out: a limit ended the program while it wrote.
 *
 * @throws GradingFault for what the harness never writes: unknown is no result.
 */
export function readSqliteReport(report: Buffer): SqliteReport {
  const lines = report.toString('latin1').split('\n').slice(0, -1);
  let phase: SqlRun['phase'] = 'setup';
  let failure: SqlFailure | null = null;
  let failedFile: string | null = null;
  let resultCount = 0;
  let columns: readonly string[] | null = null;
  const rows: (readonly SqlValue[])[] = [];
  let schema: SchemaFacts | null = null;
  let plan: PlanFacts | null = null;
  let isWhole = false;
  for (const line of lines) {
    const [what, ...values] = list(parse(line));
    if (what === 'phase') phase = phaseOf(values[0]);
    else if (what === 'results') resultCount = number(values[0]);
    else if (what === 'result') columns = list(values[0]).map(text);
    else if (what === 'row') rows.push(list(values[0]).map(valueOf));
    else if (what === 'schema') schema = schemaOf(values[0]);
    else if (what === 'plan') plan = planOf(values[0], values[1]);
    else if (what === 'error') {
      const lineNumber = values[1] === null ? null : number(values[1]);
      failure = { kind: 'error', message: text(values[0]), line: lineNumber, isSyntax: values[3] === true };
      failedFile = textOrNull(values[2]);
    } else if (what === 'limit') {
      const kind = LIMITS.get(values[0]);
      if (kind === undefined || kind === 'error') throw unreadable();
      failure = { kind };
    } else if (what !== 'done') throw unreadable();
    isWhole = what === 'done' || what === 'error' || what === 'limit';
  }
  const result: SqlResult | null = columns === null ? null : { columns, rows };
  return { phase, failure, failedFile, result, resultCount, schema, plan, isWhole };
}

function unreadable(): GradingFault {
  return new GradingFault('The program that runs SQLite wrote something that it never writes.');
}

function parse(line: string): unknown {
  try {
    return JSON.parse(line) as unknown;
  } catch {
    throw unreadable();
  }
}

function list(value: unknown): readonly unknown[] {
  if (!Array.isArray(value)) throw unreadable();
  return value;
}

function text(value: unknown): string {
  if (typeof value !== 'string') throw unreadable();
  return value;
}

function textOrNull(value: unknown): string | null {
  return value === null ? null : text(value);
}

function number(value: unknown): number {
  if (typeof value !== 'number') throw unreadable();
  return value;
}

function phaseOf(value: unknown): SqlRun['phase'] {
  if (value === 'setup' || value === 'script' || value === 'check') return value;
  throw unreadable();
}

function valueOf(cell: unknown): SqlValue {
  if (cell === null) return null;
  const written = text(cell);
  const value = written.slice(1);
  switch (written[0]) {
    case 't':
      return { type: 'text', value };
    case 'i':
      return { type: 'integer', value };
    case 'f':
      return { type: 'real', value: FLOATS.get(value) ?? Number(value) };
    case 'b':
      return { type: 'blob', value };
    default:
      throw unreadable();
  }
}

/** Python writes them so. */
const FLOATS: ReadonlyMap<string, number> = new Map([
  ['inf', Infinity],
  ['-inf', -Infinity],
  ['nan', NaN],
]);

function field(value: unknown, name: string): unknown {
  if (typeof value !== 'object' || value === null) throw unreadable();
  const found: unknown = Reflect.get(value, name);
  return found;
}

function schemaOf(value: unknown): SchemaFacts {
  return {
    tables: list(field(value, 'tables')).map((table) => sqliteTable(tableOf(table))),
    views: list(field(value, 'views')).map(text),
    triggers: list(field(value, 'triggers')).map((trigger) => {
      const [name, table] = list(trigger);
      return { name: text(name), table: text(table) };
    }),
    procedures: [],
    functions: [],
  };
}

function tableOf(value: unknown): SqliteTable {
  return {
    name: text(field(value, 'name')),
    sql: text(field(value, 'sql')),
    columns: list(field(value, 'columns')).map((column) => {
      const [name, type, notNull, defaultValue, keyPlace] = list(column);
      return {
        name: text(name),
        type: text(type),
        isNotNull: number(notNull) !== 0,
        defaultValue: textOrNull(defaultValue),
        keyPlace: number(keyPlace),
      };
    }),
    indexes: list(field(value, 'indexes')).map((index) => {
      const [name, unique, partial, columns] = list(index);
      return {
        name: text(name),
        isUnique: number(unique) !== 0,
        isPartial: number(partial) !== 0,
        columns: list(columns).map(textOrNull),
      };
    }),
    foreignKeys: list(field(value, 'foreignKeys')).map((key) => {
      const [id, table, from, to, onUpdate, onDelete] = list(key);
      return {
        id: number(id),
        table: text(table),
        from: text(from),
        to: textOrNull(to),
        onUpdate: text(onUpdate),
        onDelete: text(onDelete),
      };
    }),
  };
}

function planOf(steps: unknown, roots: unknown): PlanFacts {
  return sqlitePlan(
    list(steps).map((step) => {
      const [opcode, p1, p2, p3] = list(step);
      return { opcode: text(opcode), p1: number(p1), p2: number(p2), p3: number(p3) };
    }),
    list(roots).map((root) => {
      const [type, name, table, page] = list(root);
      return { type: text(type), name: text(name), table: text(table), page: number(page) };
    }),
  );
}
