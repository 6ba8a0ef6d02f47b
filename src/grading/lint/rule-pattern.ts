import { wildcardMatches } from './wildcard.js';

/** Whether a rule is one of those that the patterns name: by its name, or with `*` for any part of it (`E5*`). */
export function isNamed(patterns: readonly string[], rule: string): boolean {
  return patterns.some((pattern) => wildcardMatches(pattern, rule));
}

const RULE = /^[\w@/*.-]+$/;

/** Why a text is no pattern of rules, as the end of a sentence about it; null when it is one. */
export function rulePatternFault(pattern: string): string | null {
  return RULE.test(pattern)
    ? null
    : 'must be the name of a rule, or hold * for a part of it, such as E5* or no-unused-vars';
}
