import { VERDICTS, type Verdict } from '../grading/verdict.js';

/** What the result of a model submission must be: one of these verdicts, and a score within bounds, both inclusive. */
export interface Expectation {
  /** Null: any verdict. */
  readonly verdicts: readonly Verdict[] | null;
  /** Null: any score. */
  readonly score: { readonly least: number; readonly most: number } | null;
  /** True: more than no points and fewer than all. */
  readonly isPartial: boolean;
}

/** A solution that comes with a package, and what it must get. */
export interface ModelSubmission {
  /** Unique in the package: `accepted/one-loop`. */
  readonly path: string;
  /** Null: the only runtime of the assignment. */
  readonly runtime: string | null;
  readonly expected: Expectation;
  readonly files: readonly { readonly path: string; readonly content: Uint8Array }[];
}

/** What grading a model submission gave. */
export interface ModelResult {
  readonly verdict: Verdict;
  readonly score: number | null;
  readonly maxScore: number | null;
}

/** Verdicts that a model submission may be made for: those that are about the submission. */
export const MODEL_VERDICTS: readonly Verdict[] = VERDICTS.filter(
  (verdict) => verdict !== 'skipped' && verdict !== 'judge_error',
);

const REJECTING = MODEL_VERDICTS.filter((verdict) => verdict !== 'accepted');

/** Folders of `submissions/` that are no verdict. */
const OTHER_FOLDERS: Readonly<Record<string, Expectation>> = {
  rejected: { verdicts: REJECTING, score: null, isPartial: false },
  partially_accepted: { verdicts: null, score: null, isPartial: true },
};

/** Names that a folder of `submissions/` may have. */
export const MODEL_FOLDERS: readonly string[] = [...MODEL_VERDICTS, ...Object.keys(OTHER_FOLDERS)];

/** What the name of a folder of `submissions/` asks for; null where it is none of them. */
export function expectationOfFolder(folder: string): Expectation | null {
  const verdict = MODEL_VERDICTS.find((one) => one === folder);
  if (verdict !== undefined) return { verdicts: [verdict], score: null, isPartial: false };
  return Object.hasOwn(OTHER_FOLDERS, folder) ? (OTHER_FOLDERS[folder] ?? null) : null;
}

/** Whether a result is what was expected. Scores are compared to a thousandth, as they are kept. */
export function meets({ verdicts, score, isPartial }: Expectation, result: ModelResult): boolean {
  if (verdicts !== null && !verdicts.includes(result.verdict)) return false;
  if (result.verdict === 'judge_error' || result.score === null) return false;
  if (score !== null && (result.score < score.least - 0.0005 || result.score > score.most + 0.0005)) return false;
  return !isPartial || (result.score > 0 && result.score < (result.maxScore ?? 0));
}

/** Runtimes by the ending of a file. */
const RUNTIME_OF_ENDING: Readonly<Record<string, string>> = {
  py: 'python',
  py3: 'python',
  js: 'node',
  mjs: 'node',
  cjs: 'node',
  sh: 'bash',
  c: 'c',
  cc: 'cpp',
  cpp: 'cpp',
  cxx: 'cpp',
  'c++': 'cpp',
  java: 'java',
};

/** The runtime that the files of a program speak of; null where they speak of none or of several. */
export function runtimeOfFiles(paths: readonly string[]): string | null {
  const found = new Set(paths.flatMap((path) => RUNTIME_OF_ENDING[/\.([^./]+)$/.exec(path)?.[1] ?? ''] ?? []));
  // A C++ program may have parts in C.
  if (found.size === 2 && found.has('c') && found.has('cpp')) return 'cpp';
  const [only] = found;
  return found.size === 1 && only !== undefined ? only : null;
}

/** The runtime that a model submission asks for, where the assignment lets it choose among `runtimes`. */
export function runtimeAsked(
  runtimes: readonly string[] | null,
  asked: string | null,
  paths: readonly string[],
): string | null {
  return asked ?? (runtimes === null ? null : runtimeOfFiles(paths));
}
