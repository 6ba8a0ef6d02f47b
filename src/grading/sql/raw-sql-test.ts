import type { FloatTolerance } from '../compare-options.js';
import type { RawFeedback } from '../feedback.js';
import type { SqlExpectation, SqlSeed, SqlTest } from '../grading-document.js';
import type { SqlPlanExpectation } from './plan-facts.js';
import type {
  SqlColumnExpectation,
  SqlConstraintsExpectation,
  SqlForeignKeyExpectation,
  SqlIndexExpectation,
  SqlSchemaExpectation,
  SqlTableExpectation,
  SqlTriggerExpectation,
} from './schema-expectation.js';

/** One path, or several. */
export type RawSetup = string | readonly string[];

/** A `sql` test as it may be written, before any default. */
export type RawSqlTest = Pick<SqlTest, 'kind' | 'name' | 'points' | 'engine' | 'run'> &
  Partial<Omit<SqlTest, 'setup' | 'expect' | 'seeds' | 'schema' | 'plan' | 'feedback'>> & {
    readonly feedback?: RawFeedback | null;
    readonly setup?: RawSetup;
    readonly expect?: RawSqlExpectation;
    readonly seeds?: readonly RawSqlSeed[];
    readonly schema?: RawSqlSchema | null;
    readonly plan?: RawSqlPlan | null;
  };

export type RawSqlExpectation = Partial<Omit<SqlExpectation, 'floatTolerance'>> & {
  readonly floatTolerance?: Partial<FloatTolerance> | null;
};

export type RawSqlSeed = Pick<SqlSeed, 'name'> & { readonly setup: RawSetup; readonly visible?: boolean };

export type RawSqlPlan = Partial<Omit<SqlPlanExpectation, 'usesIndex'>> & {
  readonly usesIndex?: string | boolean | null;
};

export type RawSqlSchema = Partial<Omit<SqlSchemaExpectation, 'tables' | 'triggers'>> & {
  readonly tables?: Readonly<Record<string, RawSqlTable | null>>;
  readonly triggers?: readonly (Pick<SqlTriggerExpectation, 'name'> & Partial<SqlTriggerExpectation>)[];
};

export type RawSqlTable = Partial<Pick<SqlTableExpectation, 'onlyTheseColumns'>> & {
  readonly columns?: Readonly<Record<string, Partial<SqlColumnExpectation> | null>>;
  readonly indexes?: readonly (Pick<SqlIndexExpectation, 'columns'> & Partial<SqlIndexExpectation>)[];
  readonly constraints?: RawSqlConstraints;
};

export type RawSqlConstraints = Partial<Omit<SqlConstraintsExpectation, 'foreignKeys'>> & {
  readonly foreignKeys?: readonly (Pick<SqlForeignKeyExpectation, 'columns' | 'references'> &
    Partial<SqlForeignKeyExpectation>)[];
};
