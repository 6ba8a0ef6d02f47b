import type { GradingLimits, SqlTest } from '../grading-document.js';
import { textPreview } from '../preview.js';
import type { Verdict } from '../verdict.js';
import { resultDifference, type ExpectedResult } from './compare-results.js';
import { planFaults } from './plan-facts.js';
import { schemaFaults } from './schema-faults.js';
import type { SqlFailure, SqlResult, SqlRun } from './sql-run.js';

/** What one seed gave: the run of the submission, and what the model gave on a database of the same kind. */
export interface SeedRun {
  /** Null: the test has no seeds, and this is its only run. */
  readonly seed: { readonly name: string; readonly isVisible: boolean } | null;
  readonly run: SqlRun;
  /** The result of the model; null where the test has none. */
  readonly model: SqlResult | null;
}

/** What was decided about a `sql` test. */
export interface SqlJudgement {
  readonly verdict: Verdict;
  readonly points: number;
  /** Quotes rows of visible seeds only; null when accepted without seeds. */
  readonly message: string | null;
}

interface SeedJudgement {
  readonly verdict: Exclude<Verdict, 'judge_error' | 'skipped' | 'compile_error'>;
  readonly reason: string;
  /** What may quote the data of the seed. */
  readonly details: string | null;
}

/**
 * Judges the runs of a `sql` test, all or nothing: limits first, then errors of the script, then the result, the schema and the
 * plan. With seeds every one must be right, and the first that is not gives the verdict.
 *
 * Of a seed that is not visible the message tells no more than which kind of thing was wrong: an engine's error and a table
 * of rows quote data, and a script could ask for an error that quotes what it likes.
 */
export function judgeSql(test: SqlTest, seeds: readonly SeedRun[], limits?: GradingLimits): SqlJudgement {
  const judged = seeds.map((seed) => ({ seed: seed.seed, judgement: judgeSeed(test, seed, limits) }));
  const [first] = judged;
  // A test without a run, or without what to compare it with, is a fault of ours, never a success.
  const lacksModel = test.model !== null && seeds.some(({ run, model }) => run.failure === null && model === null);
  if (first === undefined || lacksModel) return { verdict: 'judge_error', points: 0, message: null };
  const lines = judged.map(({ seed, judgement }) => seedLine(seed, judgement)).filter((line) => line !== '');
  const message = lines.length === 0 ? null : textPreview(new TextEncoder().encode(lines.join('\n')));
  const { verdict } = (judged.find(({ judgement }) => judgement.verdict !== 'accepted') ?? first).judgement;
  return { verdict, points: verdict === 'accepted' ? test.points : 0, message };
}

function seedLine(seed: SeedRun['seed'], { verdict, reason, details }: SeedJudgement): string {
  const isOpen = seed === null || seed.isVisible;
  const what = verdict === 'accepted' ? 'right' : isOpen ? reason : HIDDEN_REASONS[verdict];
  const text = isOpen && details !== null ? `${what}\n${details}` : what;
  if (seed === null) return verdict === 'accepted' ? '' : text;
  return `Seed "${seed.name}": ${text}`;
}

const HIDDEN_REASONS: Readonly<Record<SeedJudgement['verdict'], string>> = {
  accepted: 'right',
  wrong_answer: 'not as expected.',
  runtime_error: 'the script could not be run to its end.',
  time_limit_exceeded: 'the script took longer than it may.',
  memory_limit_exceeded: 'the script used more memory than it may.',
  output_limit_exceeded: 'the script gave more rows or bytes than it may.',
};

function judgeSeed(test: SqlTest, { run, model }: SeedRun, limits: GradingLimits | undefined): SeedJudgement {
  if (run.failure !== null) return judgeFailure(run.failure, run.phase, limits);
  const [shadow] = run.shadows;
  if (shadow !== undefined) {
    const reason = `The script makes ${shadow}, which has the name of something built in: give it another name.`;
    return { verdict: 'wrong_answer', reason, details: null };
  }
  return (
    judgeResult(test, run, model) ??
    wrong(test.schema === null || run.schema === null ? [] : schemaFaults(test.schema, run.schema)) ??
    wrong(test.plan === null || run.plan === null ? [] : planFaults(test.plan, run.plan)) ?? {
      verdict: 'accepted',
      reason: '',
      details: null,
    }
  );
}

function judgeFailure(failure: SqlFailure, phase: SqlRun['phase'], limits: GradingLimits | undefined): SeedJudgement {
  const when = phase === 'check' ? ' when the result was read' : '';
  switch (failure.kind) {
    case 'error': {
      // A checking query that fails does so because of what the script left: it ran on what the model left.
      const where = failure.line === null ? '' : `Line ${failure.line}: `;
      const reason =
        phase === 'check' ? 'What the script left could not be read.' : 'The script could not be run to its end.';
      return {
        verdict: phase === 'check' ? 'wrong_answer' : 'runtime_error',
        reason,
        details: `${where}${failure.message}`,
      };
    }
    case 'cpu_limit':
      return limit(
        'time_limit_exceeded',
        `The script used more CPU time than it may${figure(limits?.timeMs, 'ms')}${when}.`,
      );
    case 'wall_limit':
      return limit('time_limit_exceeded', `The script ran longer than it may${figure(limits?.wallMs, 'ms')}${when}.`);
    case 'memory_limit':
      return limit(
        'memory_limit_exceeded',
        `The script used more memory than it may${figure(limits?.memoryMiB, 'MiB')}${when}.`,
      );
    case 'output_limit':
      return limit(
        'output_limit_exceeded',
        `The script gave more output than it may${figure(limits?.outputKiB, 'KiB')}${when}.`,
      );
    case 'rows_limit':
      return limit('output_limit_exceeded', `The script gave more rows or values than Assay reads${when}.`);
  }
}

function limit(verdict: SeedJudgement['verdict'], reason: string): SeedJudgement {
  return { verdict, reason, details: null };
}

function figure(value: number | undefined, unit: string): string {
  return value === undefined ? '' : ` (${value} ${unit})`;
}

function judgeResult(test: SqlTest, run: SqlRun, model: SqlResult | null): SeedJudgement | null {
  const expected = expectedResult(test, model);
  if (expected.rows === null && expected.columns === null && expected.types === null) return null;
  if (run.result === null) {
    return { verdict: 'wrong_answer', reason: noResult(test, run), details: null };
  }
  const { floatTolerance, checkTypes } = test.expect;
  const difference = resultDifference(expected, run.result, { floatTolerance, checkTypes });
  return difference === null ? null : { verdict: 'wrong_answer', reason: difference.reason, details: difference.table };
}

function expectedResult({ expect }: SqlTest, model: SqlResult | null): ExpectedResult {
  return {
    columns: expect.checkNames ? (expect.columns ?? model?.columns ?? null) : null,
    types: expect.types,
    rows: model?.rows ?? expect.rows,
    isOrdered: expect.ordered,
  };
}

function noResult({ query, resultSet }: SqlTest, { resultCount }: SqlRun): string {
  if (query !== null) return 'The checking query gave no result.';
  if (resultCount === 0) return 'The script gives no result: it needs a statement that returns rows, such as SELECT.';
  return `The script gives ${resultCount} result${resultCount === 1 ? '' : 's'}, and result ${resultSet} is asked for.`;
}

function wrong(faults: readonly string[]): SeedJudgement | null {
  const [first, ...others] = faults;
  if (first === undefined) return null;
  const more = others.length > 19 ? [...others.slice(0, 19), `… and ${others.length - 19} more.`] : others;
  return { verdict: 'wrong_answer', reason: [first, ...more].join('\n'), details: null };
}
