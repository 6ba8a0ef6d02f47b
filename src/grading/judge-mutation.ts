import { boundedCases, type CaseResult, equalParts } from './case-results.js';
import { caseName } from './command-results/reported-case.js';
import type { GradingLimits, MutantDisclosure, MutationTest } from './grading-document.js';
import { judgeEnd, type Judgement, type ProgramRun } from './judge-program.js';
import { countTests } from './mutation/count-tests.js';
import type { Mutant } from './mutation/mutant.js';
import { textPreview } from './preview.js';
import { fromThousandths, toThousandths } from './thousandths.js';

/** What was decided about a `mutation` test. */
export interface MutationJudgement extends Judgement {
  /** A line for each mutant; null where none was tried. */
  readonly cases: readonly CaseResult[] | null;
}

/** What one mutant came to. */
export interface TriedMutant {
  readonly mutant: Mutant;
  readonly isFound: boolean;
}

/**
 * Why a suite that ran on the reference so is no suite that passes it, whatever it would find; null: it passes. `isRewritten`:
 * what it ran on was the reference in another form, after it had passed the reference as it is.
 */
export function judgeReferenceRun(
  test: MutationTest,
  run: ProgramRun,
  isRewritten: boolean,
  limits?: GradingLimits,
): MutationJudgement | null {
  const refusal = judgeEnd(null, run, limits);
  if (refusal !== null) {
    const isStatus = run.kind === 'exited' && !run.stdoutTruncated && !run.stderrTruncated;
    const message = isRewritten
      ? 'The tests do not pass the reference solution each time: it was run again, written in another way that does the same. ' +
        'Test what it does, not how it is written, and nothing that changes from run to run.'
      : `The tests do not pass the reference solution, so that they prove nothing. ${refusal.message ?? ''}`;
    // That tests fail is no crash.
    return refused(isStatus && refusal.verdict === 'runtime_error' ? 'wrong_answer' : refusal.verdict, message);
  }
  if (test.framework === null || test.minTests === 0) return null;
  const count = countTests(test.framework, run.stdout, run.stderr);
  if (count >= test.minTests) return null;
  return refused('wrong_answer', `The suite has ${count} tests that pass; at least ${test.minTests} are asked for.`);
}

/** The submission has no file that `suite` names. */
export function judgeNoSuite({ suite }: MutationTest): MutationJudgement {
  return refused('wrong_answer', `There are no tests: no file of the submission is named as ${suite.join(', ')}.`);
}

function refused(verdict: Judgement['verdict'], message: string): MutationJudgement {
  return { verdict, points: 0, message, cases: null };
}

/**
 * Whether a suite that ended so has found the mutant: it did not pass, for whatever reason. A fault that makes it run for ever, or use
 * more memory than it may, is found as well. A sandbox that failed is nobody's success, and not to be asked about.
 */
export function isFound(run: ProgramRun): boolean {
  return run.kind !== 'exited' || run.exitCode !== 0 || run.stdoutTruncated || run.stderrTruncated;
}

/** The share of the mutants that a suite found which passes the reference, as points: all of them from `target` on. */
export function judgeMutants(test: MutationTest, tried: readonly TriedMutant[]): MutationJudgement {
  const found = tried.filter((one) => one.isFound).length;
  const share = tried.length === 0 ? 0 : Math.min(1, found / tried.length / test.target);
  const points = fromThousandths(Math.round(toThousandths(test.points) * share));
  return {
    verdict: share === 1 ? 'accepted' : 'wrong_answer',
    points,
    message: MESSAGES[test.show](found, tried),
    cases: boundedCases(casesOf(test, tried)),
  };
}

type Message = (found: number, tried: readonly TriedMutant[]) => string | null;

/** A kind that is added does not compile until someone decides. */
const MESSAGES: Readonly<Record<MutantDisclosure, Message>> = {
  none: () => null,
  count: counted,
  names: (found, tried) => listed(found, tried, ({ id }) => id),
  diffs: (found, tried) =>
    listed(found, tried, ({ id, description, diff }) => `${id}${said(description)}\n${diff.replace(/^/gm, '    ')}`),
};

function counted(found: number, tried: readonly TriedMutant[]): string {
  return `The tests find ${found} of ${tried.length} mutants of the reference solution.`;
}

function listed(found: number, tried: readonly TriedMutant[], line: (mutant: Mutant) => string): string {
  const survivors = tried.filter((one) => !one.isFound).map(({ mutant }) => `not found: ${line(mutant)}`);
  return textPreview(new TextEncoder().encode([counted(found, tried), ...survivors].join('\n')));
}

function said(description: string | null): string {
  return description === null ? '' : `: ${description}`;
}

/** All of it for staff; what students may not be told is marked so. */
function casesOf({ points, show }: MutationTest, tried: readonly TriedMutant[]): readonly CaseResult[] {
  const parts = equalParts(points, tried.length);
  const hides = show === 'diffs' ? {} : { hides: show === 'names' ? ('message' as const) : ('case' as const) };
  return tried.map(({ mutant, isFound: found }, index): CaseResult => {
    const part = parts[index] ?? 0;
    return {
      name: caseName(mutant.id, index + 1),
      verdict: found ? 'accepted' : 'wrong_answer',
      points: found ? part : 0,
      maxPoints: part,
      message: [mutant.description, mutant.diff].filter((text) => text !== null && text !== '').join('\n'),
      ...hides,
    };
  });
}
