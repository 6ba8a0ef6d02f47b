import type { LimitCeilings } from '../config/env.js';
import type { GradingDocument } from '../grading/grading-document.js';
import type { Runtime } from '../sandbox/runtimes.js';
import type { SandboxFile, SandboxSession } from '../sandbox/sandbox.js';
import type { CheckerRuns } from './checkers/checker-runs.js';
import type { SqlServers } from './sql/sql-servers.js';

/** One submission in its sandbox, its files laid out: what a build and the graders work on. */
export interface GradingSession {
  readonly sandbox: SandboxSession;
  readonly document: GradingDocument;
  readonly runtime: Runtime;
  /** The submission as it was handed in, without the files in whose place the instructor's stand. */
  readonly submitted: readonly SandboxFile[];
  /** The instructor's files, which stand over the student's, also over what the student's build makes. */
  readonly laidBeside: readonly SandboxFile[];
  /** Files of the instructor that lie in no folder of the submission's, but are shown to what judges it. */
  readonly compiledTests: readonly SandboxFile[];
  readonly ceilings: LimitCeilings;
  /** Runs the instructor's checkers, apart from the submission. */
  readonly checkers: Pick<CheckerRuns, 'run' | 'interact'>;
  /** Servers for `sql` tests, in a sandbox that no program of the submission reaches. */
  readonly sqlServers: Pick<SqlServers, 'get'>;
  /** An empty sandbox like this one, which nothing of the submission can reach. The caller closes it. */
  readonly openBeside: () => Promise<SandboxSession>;
  /** Aborts when the result is not wanted any longer. */
  readonly signal: AbortSignal;
}
