/** Every verdict that a test or a submission can have, from best to worst understood; the words of the REST interface. */
export const VERDICTS = [
  'accepted',
  'wrong_answer',
  'time_limit_exceeded',
  'memory_limit_exceeded',
  'output_limit_exceeded',
  'runtime_error',
  'compile_error',
  'skipped',
  'judge_error',
] as const;

/** What was decided about one test, or about a whole submission. `judge_error` is our fault, never the student's. */
export type Verdict = (typeof VERDICTS)[number];

/**
 * The verdict of a submission whose tests gave `tests`, in the order of the grading document: `accepted` when all are
 * accepted, otherwise the verdict of the first one that is neither accepted nor skipped.
 *
 * Two cases that the rule leaves open are never a success: when tests were skipped though none failed, the answer is
 * `skipped`; an empty list, which no valid grading document can give, is `judge_error`. That every test is skipped after
 * a failed build is `compile_error`, and only who ran the build knows it: ask this function only after a build that
 * succeeded.
 */
export function submissionVerdict(tests: readonly { readonly verdict: Verdict }[]): Verdict {
  if (tests.length === 0) return 'judge_error';
  const decisive = tests.find(({ verdict }) => verdict !== 'accepted' && verdict !== 'skipped');
  if (decisive !== undefined) return decisive.verdict;
  return tests.every(({ verdict }) => verdict === 'accepted') ? 'accepted' : 'skipped';
}

/** True when Assay failed on one of the tests: the run is to be tried again or recorded as `failed`, without a score. */
export function hasJudgeError(tests: readonly { readonly verdict: Verdict }[]): boolean {
  return tests.some(({ verdict }) => verdict === 'judge_error');
}
