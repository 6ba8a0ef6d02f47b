import type { RunLimits } from '../../src/sandbox/limits.js';
import type { RuntimeKey } from '../../src/sandbox/runtimes.js';

/** One program of test/programs/; its README.md says what the parts mean. */
export interface StudentProgram {
  readonly verdict: string;
  /** Folder and file, such as `accepted/sum.py`. */
  readonly name: string;
  readonly runtime: RuntimeKey;
  /** What is handed in, the program itself last. */
  readonly files: readonly { readonly path: string; readonly content: string }[];
  readonly stdin: string;
  /** What it must write; null where that does not matter. */
  readonly stdout: string | null;
  /** What grading compares with. */
  readonly answer: string | null;
  /** Null where the build does not end well. */
  readonly outcome: string | null;
  readonly build: string | null;
  readonly buildTimeMs: number;
  readonly limits: RunLimits;
  readonly needsCgroup: boolean;
}

export function readStudentPrograms(): readonly StudentProgram[];
