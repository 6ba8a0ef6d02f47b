import type { CaseResult } from './case-results.js';
import type { Feedback, TestKind, Visibility } from './grading-document.js';
import type { Verdict } from './verdict.js';

/** What one test gave in one grading run, whole: for staff and for the database. `visibility.ts` cuts it for students. */
export interface TestResult {
  readonly name: string;
  readonly kind: TestKind;
  readonly verdict: Verdict;
  /** 0 to `maxPoints`, at most three decimals. */
  readonly points: number;
  readonly maxPoints: number;
  /** CPU time, in milliseconds; null where nothing ran or nothing could be measured. */
  readonly timeMs: number | null;
  /** Elapsed time, in milliseconds. */
  readonly wallMs: number | null;
  /** Peak memory, in KiB. */
  readonly memoryKiB: number | null;
  /** Exit status, null when the program did not exit by itself. */
  readonly exitCode: number | null;
  /** Name of the signal that ended it, such as `SIGSEGV`. */
  readonly signal: string | null;
  /** Why the verdict, in a sentence for the student; may quote what was expected. */
  readonly message: string | null;
  /** Texts are previews (`preview.ts`). */
  readonly stdout: string | null;
  readonly stderr: string | null;
  /** The expected standard output. */
  readonly expected: string | null;
  /** The cases of a test that consists of several, in their order, within `CASE_LIMITS`; null where it knows none. */
  readonly cases: readonly CaseResult[] | null;
  /** What a checker of the instructor's says to staff, and its standard error; a preview. Never for students. */
  readonly staffMessage?: string | null;
  readonly visibility: Visibility;
  /** What students see of it, where its test says that part by part. */
  readonly feedback?: Feedback | null;
}
