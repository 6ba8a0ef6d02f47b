import type { GradingDocument, SqlSeed, SqlTest } from '../../grading/grading-document.js';
import { limitsOf } from '../../grading/limits.js';
import { textPreview } from '../../grading/preview.js';
import { judgeSql, type SeedRun, type SqlJudgement } from '../../grading/sql/judge-sql.js';
import { resultPreview } from '../../grading/sql/row-table.js';
import { splitScript, type SqlStatement } from '../../grading/sql/split-script.js';
import type { SqlEngineName } from '../../grading/sql/sql-engine-name.js';
import type { SqlResult } from '../../grading/sql/sql-run.js';
import type { RunLimits } from '../../sandbox/limits.js';
import { GradingFault } from '../grading-fault.js';
import type { GradingSession } from '../grading-session.js';
import { cappedLimits, runLimits } from '../run-limits.js';
import type { SqlEngine, SqlJob, SqlJobOutcome } from '../sql/sql-engine.js';
import { openMysql, openPostgres } from '../sql/server-engine.js';
import { openSqlite } from '../sql/sqlite-engine.js';
import { submittedScript } from '../sql/submitted-script.js';
import type { Grader } from './grader.js';

type Setup = SqlJob['setup'];
type OpenEngine = (session: GradingSession, limits: RunLimits) => Promise<SqlEngine>;

const ENGINES: Readonly<Record<SqlEngineName, OpenEngine>> = {
  sqlite: openSqlite,
  mysql: openMysql,
  postgres: openPostgres,
};

/** One database to try: null is the only one of a test without seeds. */
interface Trial {
  readonly seed: SqlSeed | null;
  readonly setup: Setup;
  /** Whether students see rows and messages of it. */
  readonly isShown: boolean;
}

interface Ran {
  readonly trial: Trial;
  readonly outcome: SqlJobOutcome;
}

/**
 * Runs the submission's SQL on a fresh database for each seed, then, in an engine of its own that is started when the
 * submission's has ended, the model on as many, and compares here what both gave.
 */
export const gradeSql: Grader<'sql'> = async (session, test) => {
  const asked = limitsOf(session.document, test);
  const limits = runLimits(asked, session.ceilings);
  const script = submittedScript(session.submitted, test.run, test.engine);
  if (!script.ok) {
    const message = script.line === 0 ? script.fault : `Line ${script.line}: ${script.fault}`;
    return resultOf(test, { verdict: 'runtime_error', points: 0, message }, []);
  }
  const trials = trialsOf(session.document, test);
  const ran = await runSubmission(session, test, limits, trials, script.statements);
  const completed = ran.filter(({ outcome }) => outcome.failure === null).map(({ trial }) => trial);
  const models = await runModel(session, test, limits, completed);
  const seeds = ran.map(({ trial, outcome }): SeedRun => {
    const { seed } = trial;
    return {
      seed: seed === null ? null : { name: seed.name, isVisible: seed.visible },
      run: outcome,
      model: models.get(trial) ?? null,
    };
  });
  const judged = judgeSql(test, seeds, cappedLimits(asked, session.ceilings));
  if (judged.verdict === 'judge_error') throw new GradingFault('A test could not be judged: its model gave no result.');
  return resultOf(
    test,
    judged,
    ran.map(({ outcome }) => outcome),
    seeds.find(({ seed }) => seed === null || seed.isVisible),
  );
};

/**
 * Ends with the first run that met a limit: the others would, too, and each costs as much. What is shown to students runs before
 * what is hidden from them, and so cannot know of it.
 *
 * @returns the runs in the order of `trials`.
 */
async function runSubmission(
  session: GradingSession,
  test: SqlTest,
  limits: RunLimits,
  trials: readonly Trial[],
  script: readonly SqlStatement[],
): Promise<readonly Ran[]> {
  const engine = await ENGINES[test.engine](session, limits);
  try {
    const ran: Ran[] = [];
    for (const trial of shownFirst(trials)) {
      const outcome = await engine.run(jobOf(test, trial, script));
      failForSetup(test, outcome);
      ran.push({ trial, outcome });
      if (outcome.failure !== null && outcome.failure.kind !== 'error') break;
    }
    return ran.toSorted((one, other) => trials.indexOf(one.trial) - trials.indexOf(other.trial));
  } finally {
    await engine.close();
  }
}

function shownFirst(trials: readonly Trial[]): readonly Trial[] {
  return trials.toSorted((one, other) => Number(other.isShown) - Number(one.isShown));
}

/** The results of the model for these; none where the test has no model. */
async function runModel(
  session: GradingSession,
  test: SqlTest,
  limits: RunLimits,
  trials: readonly Trial[],
): Promise<ReadonlyMap<Trial, SqlResult>> {
  const results = new Map<Trial, SqlResult>();
  if (test.model === null || trials.length === 0) return results;
  const script = statementsOf(session.document, test.model, test.engine);
  const engine = await ENGINES[test.engine](session, limits);
  try {
    for (const trial of trials) {
      // Students see none of it but what is asked for, and nothing that they wrote runs with it.
      const job = { ...jobOf(test, trial, script), wantsSchema: false, wantsPlan: false, isShown: false };
      const outcome = await engine.run(job);
      failForSetup(test, outcome);
      const { failure, result } = outcome;
      if (failure !== null || result === null) {
        const why = failure === null ? 'it gives no result' : failureText(failure);
        throw new GradingFault(`The model ${test.model} of the test "${test.name}" failed: ${why}`);
      }
      results.set(trial, result);
    }
    return results;
  } finally {
    await engine.close();
  }
}

/** What is no fault of the submission: it ran on what the setup made, and by a query that is no SQL. */
function failForSetup(test: SqlTest, { phase, failure, failedFile }: SqlJobOutcome): void {
  if (failure === null) return;
  if (phase === 'setup') {
    const file = failedFile === null ? '' : ` ${failedFile}`;
    throw new GradingFault(`The setup${file} of the test "${test.name}" failed: ${failureText(failure)}`);
  }
  if (phase === 'check' && test.query !== null && failure.kind === 'error' && failure.isSyntax) {
    throw new GradingFault(`The checking query of the test "${test.name}" failed: ${failureText(failure)}`);
  }
}

function failureText(failure: NonNullable<SqlJobOutcome['failure']>): string {
  if (failure.kind !== 'error') return `it met its limit (${failure.kind})`;
  return failure.line === null ? failure.message : `${failure.message} (line ${failure.line})`;
}

function jobOf(test: SqlTest, { setup, isShown }: Trial, script: readonly SqlStatement[]): SqlJob {
  const { query, resultSet, schema, plan } = test;
  return { setup, script, query, resultSet, wantsSchema: schema !== null, wantsPlan: plan !== null, isShown };
}

function trialsOf(document: GradingDocument, { setup, seeds, engine, visibility }: SqlTest): readonly Trial[] {
  const read = (paths: readonly string[]): Setup =>
    paths.map((path) => ({ path, statements: statementsOf(document, path, engine) }));
  const base = read(setup);
  const isShown = visibility === 'visible' || visibility === 'after-due';
  if (seeds.length === 0) return [{ seed: null, setup: base, isShown }];
  return seeds.map((seed) => ({ seed, setup: [...base, ...read(seed.setup)], isShown: isShown && seed.visible }));
}

/** @throws GradingFault for what the check of the document has let through. */
function statementsOf({ files }: GradingDocument, path: string, engine: SqlEngineName): readonly SqlStatement[] {
  const file = files.find((candidate) => candidate.path === path);
  const script = file === undefined ? null : splitScript(file.content, engine);
  if (script?.ok === true) return script.statements;
  throw new GradingFault(`The file ${path} of the grading document cannot be run as SQL.`);
}

function resultOf(
  test: SqlTest,
  { verdict, points, message }: SqlJudgement,
  ran: readonly SqlJobOutcome[],
  shown?: SeedRun,
): Awaited<ReturnType<typeof gradeSql>> {
  const result = shown?.run.result ?? null;
  const expected = shown?.model ?? (test.expect.rows === null ? null : rowsOf(test, result));
  return {
    name: test.name,
    kind: test.kind,
    visibility: test.visibility,
    verdict,
    points,
    maxPoints: test.points,
    timeMs: largest(ran.map(({ cpuTimeMs }) => cpuTimeMs)),
    wallMs: largest(ran.map(({ wallTimeMs }) => wallTimeMs)),
    memoryKiB: largest(ran.map(({ peakMemoryKiB }) => peakMemoryKiB)),
    exitCode: null,
    signal: null,
    message,
    stdout: result === null ? null : preview(resultPreview(result.columns, result.rows)),
    stderr: null,
    cases: null,
    expected: expected === null ? null : preview(resultPreview(expected.columns, expected.rows)),
  };
}

/** The expected rows under the names that are known for their columns. */
function rowsOf(
  { expect }: SqlTest,
  result: SqlResult | null,
): Pick<SqlResult, 'columns'> & { rows: NonNullable<SqlTest['expect']['rows']> } {
  const rows = expect.rows ?? [];
  const width = rows[0]?.length ?? expect.columns?.length ?? result?.columns.length ?? 0;
  const names = expect.columns ?? (result?.columns.length === width ? result.columns : []);
  return { columns: Array.from({ length: width }, (_, index) => names[index] ?? `column ${index + 1}`), rows };
}

function preview(table: string): string {
  return textPreview(Buffer.from(table));
}

function largest(figures: readonly (number | null)[]): number | null {
  const known = figures.filter((figure) => figure !== null);
  return known.length === 0 ? null : Math.round(Math.max(...known));
}
