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

/** True when Assay failed on one of the tests: the run is to be tried again or recorded as `failed`, without a score. */
export function hasJudgeError(tests: readonly { readonly verdict: Verdict }[]): boolean {
  return tests.some(({ verdict }) => verdict === 'judge_error');
}
