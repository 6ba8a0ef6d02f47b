import type { ReportedCase } from '../command-results/reported-case.js';

/** A case as a framework reported it. */
export interface FrameworkCase extends Pick<ReportedCase, 'name' | 'outcome' | 'message'> {
  /** The last part of the name, where the framework has titles in place of names. */
  readonly title: string | null;
}

/** What a framework told of a run, as far as it can be trusted to be the framework that said it. */
export interface FrameworkRun {
  /** False: the framework did not come so far as to load any code of the submission. */
  readonly hasBegun: boolean;
  /** True: it said that all was told. */
  readonly isDone: boolean;
  /** The framework that is not installed; null where it is. */
  readonly missing: string | null;
  /** Names of cases that it found in the tests before any code of the submission ran. */
  readonly declared: readonly string[];
  readonly cases: readonly FrameworkCase[];
  /** The case that was running when nothing more was told; null: none, or the framework does not say. */
  readonly running: string | null;
  /** What went wrong outside of the cases, such as a test file that could not be loaded. */
  readonly faults: readonly string[];
  /** The first part of the framework that was found to be changed; null: none. */
  readonly tampered: string | null;
}
