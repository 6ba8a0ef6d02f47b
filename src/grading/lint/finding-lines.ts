import { textPreview } from '../preview.js';
import type { LintFinding } from './lint-finding.js';
import { LINT_LIMITS } from './lint-finding.js';

/** `path:line:column rule message`, as compilers write it; what is not known is left out. */
function lineOf({ path, line, column, rule, message }: LintFinding): string {
  const place = [path, ...(line === null ? [] : [line, ...(column === null ? [] : [column])])].join(':');
  return `${place} ${rule} ${message}`;
}

/** `findings` for people, by path and line, those that cost points first, so that they are there when the rest is cut. */
export function findingLines(costly: readonly LintFinding[], noted: readonly LintFinding[], remark: string): string {
  const lines = [
    remark,
    ...ordered(costly).map(lineOf),
    ...(noted.length === 0 ? [] : ['Noted, without a cost:', ...ordered(noted).map(lineOf)]),
  ];
  return textPreview(new TextEncoder().encode(lines.join('\n')));
}

function ordered(findings: readonly LintFinding[]): readonly LintFinding[] {
  return findings.toSorted(
    (a, b) =>
      Number(b.isUnchecked) - Number(a.isUnchecked) ||
      compare(a.path, b.path) ||
      (a.line ?? 0) - (b.line ?? 0) ||
      (a.column ?? 0) - (b.column ?? 0),
  );
}

function compare(a: string, b: string): number {
  return a === b ? 0 : a < b ? -1 : 1;
}

/** `text` of a tool as one line, cut. */
export function plainLine(text: string, characters: number = LINT_LIMITS.messageCharacters): string {
  const line = text.replace(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ').trim();
  return line.length <= characters ? line : `${line.slice(0, characters).replace(/[\ud800-\udbff]$/, '')}…`;
}
