/** Bounds of what a lint test looks at and tells. */
export const LINT_LIMITS = {
  /** Bytes of one file that is checked, and of all of them together. */
  fileBytes: 524_288,
  totalBytes: 4_194_304,
  /** Findings that are counted; beyond them the test gives its floor. */
  findings: 5_000,
  /** Characters of a message and of the name of a rule that are kept. */
  messageCharacters: 300,
  ruleCharacters: 100,
} as const;

/** Something that a tool does not like. Lines and columns are counted from 1; null: it is about the whole file. */
export interface LintFinding {
  readonly path: string;
  readonly line: number | null;
  readonly column: number | null;
  readonly rule: string;
  readonly message: string;
  /** True: the file could not be checked, and nobody knows what else there is. */
  readonly isUnchecked: boolean;
}

/** A file of the submission, as it was handed in. */
export interface LintFile {
  readonly path: string;
  readonly content: Uint8Array;
  readonly executable?: boolean;
}

/** A finding about a whole file. */
export function aboutFile(path: string, rule: string, message: string): LintFinding {
  return { path, line: null, column: null, rule, message, isUnchecked: false };
}

/** Why a file could not be checked. */
export function unchecked(path: string, rule: string, message: string, line: number | null = null): LintFinding {
  return { path, line, column: null, rule, message, isUnchecked: true };
}
