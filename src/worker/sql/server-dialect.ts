import type { Duplex } from 'node:stream';
import type { PlanFacts } from '../../grading/sql/plan-facts.js';
import type { SchemaFacts } from '../../grading/sql/schema-facts.js';
import type { SqlValue } from '../../grading/sql/sql-value.js';
import type { SqlConnection, SqlLogin } from './sql-connection.js';
import type { SqlServerKey } from './sql-servers.js';

/** The one database of a job, and who may do what there. Names are always the same: messages show them. */
export const DATABASE = 'app';

/** New for each job, with passwords that nobody else has. Both may do all in the database, and nothing outside of it. */
export interface JobUsers {
  /** Runs the setup and the script, and owns what they make. */
  readonly student: SqlLogin;
  /** Reads what they left: no setting that the student made for itself holds for it. */
  readonly checker: SqlLogin;
}

/** Reads rows of the server's own tables. */
export type Ask = (statement: string) => Promise<readonly (readonly SqlValue[])[]>;

/** What differs from engine to engine. */
export interface ServerDialect {
  readonly key: SqlServerKey;
  connect(stream: Duplex, login: SqlLogin, mostBytes: number): Promise<SqlConnection>;
  /** As the administrator: ends the sessions of a job's users, and drops its database and these. */
  readonly clean: (ask: Ask) => Promise<void>;
  /**
   * As the administrator: makes both.
   *
   * @param within asks as the administrator in another database.
   */
  readonly make: (
    ask: Ask,
    users: JobUsers,
    within: (database: string, statement: string) => Promise<void>,
  ) => Promise<void>;
  /** As the administrator: ends the sessions of the job's users. Resolves when they are gone, with what they had left open. */
  readonly endSessions: (ask: Ask) => Promise<void>;
  /** Run at the start of a session of the student, of which no statement shall take longer than `wallTimeMs`. */
  readonly scriptSession: (wallTimeMs: number) => readonly string[];
  readonly checkSession: (wallTimeMs: number) => readonly string[];
  /** As the checker, before anything of the student's is run by it. */
  readonly schema: (ask: Ask) => Promise<SchemaFacts>;
  /** As the checker: objects that could answer a checking query in place of what is built in. */
  readonly shadows: (ask: Ask) => Promise<readonly string[]>;
  /** As the checker. */
  readonly plan: (ask: Ask, statement: string) => Promise<PlanFacts>;
}

/** A text in quotes, for words that hold none: names and passwords of ours. */
export function text(word: string): string {
  if (!/^[\w.]*$/.test(word)) throw new Error('only words of ours are written into statements');
  return `'${word}'`;
}
