import { RESULT_LIMITS, type SqlFailure } from '../../grading/sql/sql-run.js';
import type { RunLimits } from '../../sandbox/limits.js';
import type { RunOutcome } from '../../sandbox/run-outcome.js';
import { detectRuntimes } from '../../sandbox/runtimes.js';
import { GradingFault } from '../grading-fault.js';
import type { GradingSession } from '../grading-session.js';
import { readSqliteReport } from './read-sqlite-report.js';
import type { SqlEngine, SqlJob, SqlJobOutcome } from './sql-engine.js';
import { SQLITE_HARNESS } from './sqlite-harness.js';

const KIB = 1024;
/** What the report holds besides rows. */
const REPORT_RESERVE_BYTES = 512;

/**
 * SQLite inside the sandbox: each job is a step of its own, with a database that is gone with it.
 *
 * @throws GradingFault where this machine has no Python, whose SQLite it is.
 */
export async function openSqlite(session: GradingSession, limits: RunLimits): Promise<SqlEngine> {
  const python = (await detectRuntimes()).find(({ key }) => key === 'python');
  const [program] = python?.available === true ? python.command(null, [], limits) : [];
  if (program === undefined) {
    throw new GradingFault(`SQLite is run by Python, which this worker does not have. ${python?.reason ?? ''}`.trim());
  }
  return { run: (job) => runJob(session, limits, program, job), close: () => Promise.resolve() };
}

async function runJob(
  session: GradingSession,
  limits: RunLimits,
  program: string,
  job: SqlJob,
): Promise<SqlJobOutcome> {
  const outcome = await session.sandbox.run({
    argv: [program, '-I', '-S', '-B', '-c', SQLITE_HARNESS],
    stdin: Buffer.from(JSON.stringify(jobOf(job, limits))),
    environment: {},
    limits,
    reports: true,
    signal: session.signal,
  });
  if (outcome.kind === 'sandbox_failure') {
    throw new GradingFault(`The sandbox failed in a test: ${outcome.reason ?? 'no reason'}`);
  }
  const report = readSqliteReport(outcome.report ?? Buffer.alloc(0));
  return {
    ...report,
    failure: report.isWhole ? report.failure : failureOf(outcome),
    shadows: [],
    cpuTimeMs: outcome.cpuTimeMs,
    wallTimeMs: outcome.wallTimeMs,
    peakMemoryKiB: outcome.peakMemoryKiB,
  };
}

function jobOf(job: SqlJob, limits: RunLimits): object {
  return {
    setup: job.setup.flatMap(({ path, statements }) => statements.map(({ text, line }) => [text, line, path])),
    script: job.script.map(({ text, line }) => [text, line]),
    query: job.query,
    resultSet: job.resultSet,
    schema: job.wantsSchema,
    plan: job.wantsPlan,
    rows: RESULT_LIMITS.rows,
    values: RESULT_LIMITS.values,
    bytes: Math.max(0, limits.outputKiB * KIB - REPORT_RESERVE_BYTES),
  };
}

/** Why the harness did not come to its end. */
function failureOf({ kind, exitCode, signal, stderr }: RunOutcome): SqlFailure {
  if (kind === 'exited' || kind === 'signalled' || kind === 'sandbox_failure') {
    const end =
      kind === 'exited' ? `with exit status ${exitCode ?? 'unknown'}` : `by the signal ${signal ?? 'unknown'}`;
    // Without a place to write there is no Python either.
    if (stderr.includes('MemoryError')) return { kind: 'memory_limit' };
    return { kind: 'error', message: `SQLite was ended ${end}.`, line: null, isSyntax: false };
  }
  return { kind };
}
