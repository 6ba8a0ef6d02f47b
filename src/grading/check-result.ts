/** Where two texts part: positions in their bytes, which may be behind the last. */
export interface PartingPoint {
  readonly expected: number;
  readonly actual: number;
}

/**
 * What a checker found. `difference` is a line or two for the student about the first difference; null when it matches. `at`
 * says where that is, for checkers that compare from the beginning on.
 */
export type CheckResult =
  | { readonly matches: true; readonly difference: null }
  | { readonly matches: false; readonly difference: string; readonly at?: PartingPoint };

export const MATCHES: CheckResult = { matches: true, difference: null };

export function differs(difference: string, at?: PartingPoint): CheckResult {
  return at === undefined ? { matches: false, difference } : { matches: false, difference, at };
}
