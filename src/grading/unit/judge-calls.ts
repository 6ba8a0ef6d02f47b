import { boundedCases, type CaseResult, equalParts } from '../case-results.js';
import { check } from '../checker.js';
import { caseMessage } from '../command-results/reported-case.js';
import type { CallExpectation, GradingLimits, IsolatedUnitTest, UnitCall, UnitStep } from '../grading-document.js';
import { judgeEnd, type ProgramRun } from '../judge-program.js';
import type { Verdict } from '../verdict.js';
import { summaryOf, type UnitJudgement } from './judge-framework.js';
import { showValue, valueDifference } from './unit-values.js';

/** What a step of a call came to, in the words of the submission's own process, which may lie: that is what it returned, then. */
export type StepReport =
  | { readonly kind: 'returned'; readonly value: unknown; readonly args: readonly unknown[] | null }
  /** `types`: names of the class and of those above it. */
  | { readonly kind: 'raised'; readonly types: readonly string[]; readonly message: string }
  /** The module could not be loaded, or does not have what was to be called. */
  | { readonly kind: 'unloaded'; readonly message: string };

/** A call as it was seen: the reports of its steps, in their order, and how its process ended. */
export interface CallRun {
  readonly steps: readonly StepReport[];
  /** True: all that there was to say of it was said. */
  readonly isWhole: boolean;
  readonly run: ProgramRun;
}

type Judged = Pick<CaseResult, 'verdict' | 'message'>;

/** Judges one call: nothing that decides was known to the process that it ran in. */
export function judgeCall(call: UnitCall, { steps, isWhole, run }: CallRun, limits?: GradingLimits): Judged {
  for (const [index, step] of call.steps.entries()) {
    const report = steps[index];
    if (report === undefined) break;
    const name = call.steps.length === 1 ? '' : `Step ${index + 1}, `;
    const fault = judgeStep(step, report);
    if (fault !== null) return { ...fault, message: caseMessage(`${name}${describe(step)}: ${fault.message ?? ''}`) };
  }
  if (!isWhole || steps.length < call.steps.length) {
    const ended = judgeEnd(run.exitCode, run, limits);
    if (ended !== null) return ended;
    const message = `The process ended, with exit status ${run.exitCode ?? 'unknown'}, before the call returned.`;
    return { verdict: 'runtime_error', message };
  }
  const expected = call.steps.at(-1)?.expect.stdout ?? null;
  if (expected === null) return { verdict: 'accepted', message: null };
  const { matches, difference } = check(TRIMMED, expected, run.stdout);
  if (matches) return { verdict: 'accepted', message: null };
  return { verdict: 'wrong_answer', message: `Standard output: ${difference ?? 'not as expected.'}` };
}

const TRIMMED = { compare: 'trimmed', caseSensitive: true, floatTolerance: null } as const;

function judgeStep({ expect }: UnitStep, report: StepReport): Judged | null {
  if (report.kind === 'unloaded') return { verdict: 'runtime_error', message: report.message };
  if (report.kind === 'raised') return judgeRaised(expect, report);
  const { raises } = expect;
  if (raises !== null) {
    return {
      verdict: 'wrong_answer',
      message: `it should raise ${raises.type ?? 'an exception'}, and returned ${showValue(report.value)}.`,
    };
  }
  if ('value' in expect) {
    const difference = valueDifference(expect.value, report.value, expect.floatTolerance);
    if (difference !== null) return { verdict: 'wrong_answer', message: difference };
  }
  if (expect.args === null) return null;
  const difference = valueDifference(expect.args, report.args, expect.floatTolerance);
  return difference === null
    ? null
    : { verdict: 'wrong_answer', message: `what became of its arguments: ${difference}` };
}

function judgeRaised(
  { raises }: CallExpectation,
  { types, message }: Extract<StepReport, { kind: 'raised' }>,
): Judged | null {
  const raised = `it raised ${types[0] ?? 'an exception'}${message === '' ? '' : ` (${message})`}`;
  if (raises === null) return { verdict: 'runtime_error', message: `${raised}.` };
  if (raises.type !== null && !types.includes(raises.type)) {
    return { verdict: 'wrong_answer', message: `${raised}, and ${raises.type} is expected.` };
  }
  if (raises.message !== null && !message.includes(raises.message)) {
    return {
      verdict: 'wrong_answer',
      message: `${raised}, and a message with ${showValue(raises.message)} is expected.`,
    };
  }
  return null;
}

/** The step as a line of a program. */
function describe({ call, new: made, get, args, kwargs }: UnitStep): string {
  if (get !== null) return get;
  const given = [...args.map(showValue), ...Object.entries(kwargs).map(([key, value]) => `${key}=${showValue(value)}`)];
  const list = given.join(', ');
  return `${made === null ? '' : 'new '}${call ?? made ?? ''}(${list.length > 200 ? `${list.slice(0, 200)}…` : list})`;
}

/** Adds the calls of a test up: equal parts of its points unless the calls name points of their own. */
export function judgeCalls(test: IsolatedUnitTest, calls: readonly Judged[]): UnitJudgement {
  const equal = equalParts(test.points, test.calls.length);
  const results = test.calls.map((call, index): CaseResult => {
    const { verdict, message } = calls[index] ?? { verdict: 'skipped', message: 'It did not run.' };
    const maxPoints = call.points ?? equal[index] ?? 0;
    return { name: call.name, verdict, message, maxPoints, points: verdict === 'accepted' ? maxPoints : 0 };
  });
  const first = results.find(({ verdict }) => verdict !== 'accepted');
  const verdict: Verdict = first?.verdict ?? 'accepted';
  const points = Math.round(results.reduce((total, one) => total + one.points * 1000, 0)) / 1000;
  const passed = results.filter((one) => one.verdict === 'accepted').length;
  const message = first === undefined ? null : summaryOf({ results, passed, counted: results.length });
  return { verdict, points, message, cases: boundedCases(results) };
}
