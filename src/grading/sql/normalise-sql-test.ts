import type { GradingLimits, SqlExpectation, SqlTest } from '../grading-document.js';
import type {
  RawSetup,
  RawSqlConstraints,
  RawSqlExpectation,
  RawSqlPlan,
  RawSqlSchema,
  RawSqlTable,
  RawSqlTest,
} from './raw-sql-test.js';
import type { SqlPlanExpectation } from './plan-facts.js';
import type {
  SqlColumnExpectation,
  SqlConstraintsExpectation,
  SqlSchemaExpectation,
  SqlTableExpectation,
} from './schema-expectation.js';

/** `raw`, a test without faults, with every default filled in; `limits` are those that it replaces. */
export function normaliseSqlTest(raw: RawSqlTest, limits: Partial<GradingLimits>): SqlTest {
  return {
    kind: raw.kind,
    name: raw.name,
    description: raw.description ?? null,
    points: raw.points,
    visibility: raw.visibility ?? 'visible',
    engine: raw.engine,
    setup: setupList(raw.setup),
    run: raw.run,
    query: raw.query ?? null,
    resultSet: raw.resultSet ?? null,
    expect: normaliseExpectation(raw.expect ?? {}),
    model: raw.model ?? null,
    seeds: (raw.seeds ?? []).map(({ name, setup, visible }) => ({
      name,
      setup: setupList(setup),
      visible: visible ?? false,
    })),
    schema: normaliseSchema(raw.schema ?? null),
    plan: normalisePlan(raw.plan ?? null),
    limits,
  };
}

/** The paths that a setup names. */
export function setupList(setup: RawSetup | undefined): readonly string[] {
  if (setup === undefined) return [];
  return typeof setup === 'string' ? [setup] : setup;
}

function normaliseExpectation(raw: RawSqlExpectation): SqlExpectation {
  const columns = raw.columns ?? null;
  const tolerance = raw.floatTolerance ?? null;
  return {
    rows: raw.rows ?? null,
    ordered: raw.ordered ?? false,
    columns,
    checkNames: raw.checkNames ?? columns !== null,
    types: raw.types ?? null,
    checkTypes: raw.checkTypes ?? false,
    floatTolerance:
      tolerance === null ? null : { absolute: tolerance.absolute ?? null, relative: tolerance.relative ?? null },
  };
}

function normalisePlan(raw: RawSqlPlan | null): SqlPlanExpectation | null {
  if (raw === null) return null;
  const usesIndex = raw.usesIndex ?? null;
  return { usesIndex: usesIndex === false ? null : usesIndex, noFullScanOf: raw.noFullScanOf ?? [] };
}

function normaliseSchema(raw: RawSqlSchema | null): SqlSchemaExpectation | null {
  if (raw === null) return null;
  return {
    tables: Object.fromEntries(Object.entries(raw.tables ?? {}).map(([name, table]) => [name, normaliseTable(table)])),
    views: raw.views ?? [],
    triggers: (raw.triggers ?? []).map(({ name, table }) => ({ name, table: table ?? null })),
    procedures: raw.procedures ?? [],
    functions: raw.functions ?? [],
  };
}

function normaliseTable(raw: RawSqlTable | null): SqlTableExpectation | null {
  if (raw === null) return null;
  return {
    columns: Object.fromEntries(
      Object.entries(raw.columns ?? {}).map(([name, column]) => [name, normaliseColumn(column)]),
    ),
    onlyTheseColumns: raw.onlyTheseColumns ?? false,
    indexes: (raw.indexes ?? []).map(({ columns, name, unique }) => ({
      columns,
      name: name ?? null,
      unique: unique ?? null,
    })),
    constraints: normaliseConstraints(raw.constraints ?? {}),
  };
}

function normaliseColumn(raw: Partial<SqlColumnExpectation> | null): SqlColumnExpectation | null {
  if (raw === null) return null;
  return {
    type: raw.type ?? null,
    nullable: raw.nullable ?? null,
    default: raw.default ?? null,
    primaryKey: raw.primaryKey ?? null,
  };
}

function normaliseConstraints(raw: RawSqlConstraints): SqlConstraintsExpectation {
  return {
    primaryKey: raw.primaryKey ?? null,
    unique: raw.unique ?? [],
    check: raw.check ?? [],
    foreignKeys: (raw.foreignKeys ?? []).map((key) => ({
      columns: key.columns,
      references: key.references,
      referencedColumns: key.referencedColumns ?? null,
      onDelete: key.onDelete ?? null,
      onUpdate: key.onUpdate ?? null,
    })),
  };
}
