/** What a checker found. `difference` is a line or two for the student about the first difference; null when it matches. */
export type CheckResult =
  { readonly matches: true; readonly difference: null } | { readonly matches: false; readonly difference: string };

export const MATCHES: CheckResult = { matches: true, difference: null };

export function differs(difference: string): CheckResult {
  return { matches: false, difference };
}
