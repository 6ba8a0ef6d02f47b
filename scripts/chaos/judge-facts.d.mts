/** Types for the tests; what it does stands in `judge-facts.mjs`. */
export interface Item {
  readonly name: string;
  readonly assignmentId: string;
  readonly studentId: string;
  readonly id: string | null;
  readonly isUncertain: boolean;
  readonly otherIds: readonly string[];
  readonly ends: readonly string[];
  readonly expected: readonly string[];
}

export interface Facts {
  readonly submissions: readonly {
    readonly id: string;
    readonly assignmentId: string;
    readonly studentId: string;
    readonly attempt: number;
    readonly status: string;
    readonly verdict: string | null;
    readonly score: number | null;
    readonly currentRunId: string;
  }[];
  readonly runs: readonly {
    readonly id: string;
    readonly submissionId: string;
    readonly number: number;
    readonly status: string;
    readonly verdict: string | null;
  }[];
  readonly results: readonly { readonly runId: string; readonly position: number }[];
  readonly waiting: readonly string[];
  readonly testsOf: ReadonlyMap<string, number>;
}

export interface Judgement {
  readonly accepted: number;
  readonly lost: string[];
  readonly doubled: string[];
  readonly wrong: string[];
}

export function endOf(end: { status: string; verdict: string | null; score: number | null }): string;
export function judgeFacts(items: readonly Item[], facts: Facts): Judgement;
