/** How output is compared with what is expected; `checker.ts` says what each means. */
export const COMPARE_MODES = ['exact', 'trimmed', 'tokens', 'contains', 'regex'] as const;
export type CompareMode = (typeof COMPARE_MODES)[number];

/** When two numbers count as equal: either tolerance suffices, and null switches one off. At least one is set. */
export interface FloatTolerance {
  readonly absolute: number | null;
  readonly relative: number | null;
}

/** How one output stream is compared. */
export interface CompareOptions {
  readonly compare: CompareMode;
  /** False folds ASCII letters; only `tokens` can do so, for the others it is true. */
  readonly caseSensitive: boolean;
  /** Null, or, with `tokens` only, how far numbers may be off. */
  readonly floatTolerance: FloatTolerance | null;
}
