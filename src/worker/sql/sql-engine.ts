import type { SqlRun } from '../../grading/sql/sql-run.js';
import type { SqlStatement } from '../../grading/sql/split-script.js';

/** What is run on one fresh database. */
export interface SqlJob {
  /** Makes the database, in the same session as the script. */
  readonly setup: readonly { readonly path: string; readonly statements: readonly SqlStatement[] }[];
  readonly script: readonly SqlStatement[];
  /** Read when the script's session is over. Null: a result of the script is what comes out. */
  readonly query: string | null;
  /** From 1; null: the last. */
  readonly resultSet: number | null;
  readonly wantsSchema: boolean;
  readonly wantsPlan: boolean;
  /** Whether students see rows and messages of it. */
  readonly isShown: boolean;
}

/** How a job went, and what it cost. */
export interface SqlJobOutcome extends SqlRun {
  /** The file that failed, where it was one of the setup. */
  readonly failedFile: string | null;
  readonly cpuTimeMs: number | null;
  readonly wallTimeMs: number | null;
  readonly peakMemoryKiB: number | null;
}

/**
 * A database engine inside the sandbox, for jobs that may know of each other. Those of a submission and those of its model get
 * an engine each, one after the other.
 */
export interface SqlEngine {
  /** @throws GradingFault when Assay, not the job's SQL, failed. */
  run(job: SqlJob): Promise<SqlJobOutcome>;
  /** Ends what runs. Harmless the second time. */
  close(): Promise<void>;
}
