import type { PlanFacts } from './plan-facts.js';
import type { SchemaFacts } from './schema-facts.js';
import type { SqlValue } from './sql-value.js';

/** Bounds of what a run may give, whatever its output limit is; beyond them it is `output_limit_exceeded`. */
export const RESULT_LIMITS = {
  /** Rows of all results of a script together. */
  rows: 20_000,
  /** Values of them together. */
  values: 200_000,
} as const;

/** Rows that a statement gave, in their order. */
export interface SqlResult {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly SqlValue[])[];
}

/** Why a run did not come to its end. */
export type SqlFailure =
  /**
   * What the engine said of a statement that it could not run. `line`: where the statement begins, or the fault lies.
   * `isSyntax`: it is no SQL, on whatever database.
   */
  | { readonly kind: 'error'; readonly message: string; readonly line: number | null; readonly isSyntax: boolean }
  | { readonly kind: 'cpu_limit' | 'wall_limit' | 'memory_limit' | 'output_limit' | 'rows_limit' };

/**
 * How far a run came on a fresh database: `setup` makes the database, `script` is the submission (or the model), `check`
 * reads what it left. A run without `failure` went through all of them.
 */
export interface SqlRun {
  readonly phase: 'setup' | 'script' | 'check';
  readonly failure: SqlFailure | null;
  /** What is to be compared: of the checking query, or else the chosen result of the script; null where there was none. */
  readonly result: SqlResult | null;
  /** How many results the script gave. */
  readonly resultCount: number;
  /** Null where nobody asked. */
  readonly schema: SchemaFacts | null;
  readonly plan: PlanFacts | null;
  /** Objects made by the script that have the name of something built in, and so could answer in its place. */
  readonly shadows: readonly string[];
}
