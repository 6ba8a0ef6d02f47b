import type { LintTool } from '../grading-document.js';
import { plainLine } from './finding-lines.js';
import { LINT_LIMITS, type LintFile, type LintFinding } from './lint-finding.js';

/** What a tool reported: findings; that it cannot work here, which is no fault of the submission; or nothing that can be read. */
export type LintReport =
  | { readonly kind: 'findings'; readonly findings: readonly LintFinding[]; readonly hasMore: boolean }
  | { readonly kind: 'tool-fault'; readonly reason: string }
  | { readonly kind: 'unreadable' };

type Fields = Readonly<Record<string, unknown>>;

const UNREADABLE: LintReport = { kind: 'unreadable' };

/** Reads what a step of a lint test wrote to its report. `files` are those that it was given, in their order. */
export function readLintReport(tool: LintTool, bytes: Uint8Array, files: readonly LintFile[]): LintReport {
  const value = parsed(bytes);
  if (value === null) return UNREADABLE;
  if (typeof value['fault'] === 'string') return { kind: 'tool-fault', reason: plainLine(value['fault'], 1_000) };
  const list = tool === 'shellcheck' ? value['comments'] : value['findings'];
  if (!Array.isArray(list)) return UNREADABLE;
  const read = tool === 'shellcheck' ? shellcheckFinding : harnessFinding;
  const findings: LintFinding[] = [];
  for (const item of list.slice(0, LINT_LIMITS.findings)) {
    const finding = isFields(item) ? read(item, files) : null;
    if (finding === null) return UNREADABLE;
    findings.push(finding);
  }
  return { kind: 'findings', findings, hasMore: list.length > LINT_LIMITS.findings || value['hasMore'] === true };
}

function parsed(bytes: Uint8Array): Fields | null {
  try {
    const value: unknown = JSON.parse(new TextDecoder().decode(bytes));
    return isFields(value) ? value : null;
  } catch {
    return null;
  }
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** As the harnesses of `worker/graders/lint-step.ts` write it. */
function harnessFinding(item: Fields, files: readonly LintFile[]): LintFinding | null {
  return finding(files[Number(item['file'])], item['rule'], item, item['unchecked'] === true);
}

/** Of ShellCheck: the file could not be parsed, or is for a shell that it does not know. */
const SHELLCHECK_UNCHECKED: readonly unknown[] = [1071, 1072];

/** As `shellcheck --format=json1` writes it; files are named by their number. */
function shellcheckFinding(item: Fields, files: readonly LintFile[]): LintFinding | null {
  const code = item['code'];
  if (typeof item['file'] !== 'string' || typeof code !== 'number') return null;
  const file = files[Number(/(\d+)(?:\.\w+)?$/.exec(item['file'])?.[1])];
  return finding(file, `SC${code}`, item, SHELLCHECK_UNCHECKED.includes(code));
}

function finding(file: LintFile | undefined, rule: unknown, item: Fields, isUnchecked: boolean): LintFinding | null {
  if (file === undefined || typeof rule !== 'string' || typeof item['message'] !== 'string') return null;
  return {
    path: file.path,
    line: position(item['line']),
    column: position(item['column']),
    rule: plainLine(rule, LINT_LIMITS.ruleCharacters),
    message: plainLine(item['message']),
    isUnchecked,
  };
}

function position(value: unknown): number | null {
  return typeof value === 'number' && Number.isSafeInteger(value) && value > 0 ? value : null;
}
