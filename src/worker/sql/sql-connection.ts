import { RESULT_LIMITS, type SqlFailure, type SqlResult } from '../../grading/sql/sql-run.js';
import type { SqlValue } from '../../grading/sql/sql-value.js';

/** Who logs in where. */
export interface SqlLogin {
  readonly user: string;
  readonly password: string;
  /** Null: none, where the engine allows it. */
  readonly database: string | null;
}

/** A connection to a server in the sandbox. The other end is not to be trusted: what it sends is counted while it comes. */
export interface SqlConnection {
  /**
   * Runs one statement and reads what it gives, rows within `budget`.
   *
   * @throws SqlRefusal when the engine refuses it.
   * @throws ResultTooLarge when it gives more than it may; the connection is closed then.
   * @throws ConnectionLost when the connection ended.
   */
  run(statement: string, budget: ResultBudget): Promise<readonly SqlResult[]>;
  /** Closes it at once. Harmless the second time. */
  close(): void;
}

/** What the engine said of a statement. */
export class SqlRefusal extends Error {
  override readonly name = 'SqlRefusal';

  /** @param line of the statement, from 1, in which the fault lies; null where the engine does not say. */
  constructor(
    message: string,
    readonly line: number | null,
    readonly what: 'syntax' | 'memory' | 'time' | 'other',
  ) {
    super(message);
  }
}

export class ConnectionLost extends Error {
  override readonly name = 'ConnectionLost';
}

export class ResultTooLarge extends Error {
  override readonly name = 'ResultTooLarge';

  constructor(readonly limit: Extract<SqlFailure['kind'], 'rows_limit' | 'output_limit'>) {
    super('A result is larger than it may be.');
  }
}

const KIB = 1024;
/** What a value costs besides its digits or letters. */
const VALUE_BYTES = 4;

/** What results may still hold. Spent while rows come, so that never more than that is kept. */
export class ResultBudget {
  private rows: number = RESULT_LIMITS.rows;
  private values: number = RESULT_LIMITS.values;
  private bytes: number;

  constructor(outputKiB: number) {
    this.bytes = outputKiB * KIB;
  }

  /** Why there is no room for this row; null when there is. */
  spend(row: readonly SqlValue[]): ResultTooLarge['limit'] | null {
    this.rows -= 1;
    this.values -= row.length;
    for (const value of row) this.bytes -= VALUE_BYTES + (value === null ? 0 : String(value.value).length);
    if (this.bytes < 0) return 'output_limit';
    return this.rows < 0 || this.values < 0 ? 'rows_limit' : null;
  }
}

/**
 * The most that may come over a connection for results of that size: texts twice as long (bytes come in hexadecimal digits),
 * names and types. Counted as it comes: a driver collects a whole row before it shows it.
 */
export function mostBytes(outputKiB: number): number {
  return 3 * outputKiB * KIB + 1_048_576;
}
