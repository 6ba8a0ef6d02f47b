/** Bounds of what a command may report; more is refused whole, since a part of it could say the opposite. */
export const REPORT_LIMITS = {
  /** Bytes of one results file, and of all of them together. */
  bytes: 1_048_576,
  files: 200,
  cases: 1_000,
  /** Characters of a name and of a message that are kept; the rest is cut. */
  nameCharacters: 200,
  messageCharacters: 1_000,
} as const;

/** Who may see a case, as a results.json says; the other formats know `visible` only. */
export const CASE_VISIBILITIES = ['visible', 'hidden', 'after_due_date', 'after_published'] as const;
export type CaseVisibility = (typeof CASE_VISIBILITIES)[number];

/** One thing that a command tried. `ignored`: skipped, or known not to work yet; it does not count. */
export interface ReportedCase {
  readonly name: string;
  readonly outcome: 'passed' | 'failed' | 'ignored';
  /** What it gave and could give, in units of the report; null where the report names none. */
  readonly score: number | null;
  readonly maxScore: number | null;
  readonly message: string | null;
  readonly visibility: CaseVisibility;
}

/** What a command reported. */
export interface CommandReport {
  /** The part of the test's points that was reached, 0 to 1. */
  readonly share: number;
  /** True where nothing stands against `accepted`: the whole share, and no case failed. */
  readonly isPassed: boolean;
  readonly cases: readonly ReportedCase[];
  /** Points of the test for a score of 1; null where the cases have no scores and weigh the same. */
  readonly scale: number | null;
  /** How many cases share the points where they weigh the same: those that count, and those that did not come. */
  readonly expected: number;
  /** What is said of the whole, such as why a report counts as failed though its cases passed; null: nothing. */
  readonly remark: string | null;
  /** Who may see the command's own output. */
  readonly outputVisibility: CaseVisibility;
}

/** A report, or why there is none, as a sentence for people. */
export type ReadReport =
  { readonly ok: true; readonly report: CommandReport } | { readonly ok: false; readonly fault: string };

export function unreadable(fault: string): ReadReport {
  return { ok: false, fault };
}

/** `text` cut to `characters`, with a marker; null stays null. Never half of a surrogate pair. */
export function cut(text: string, characters: number): string {
  if (text.length <= characters) return text;
  const end = /[\ud800-\udbff]/.test(text.charAt(characters - 1)) ? characters - 1 : characters;
  return `${text.slice(0, end)}… [${text.length - end} characters cut]`;
}

/** `name` as one line that shows where it is; never empty. */
export function caseName(name: string, number: number): string {
  const line = name.replace(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ').trim();
  return line === '' ? `case ${number}` : cut(line, REPORT_LIMITS.nameCharacters);
}

/** `message` for people, cut; null where it says nothing. */
export function caseMessage(message: string): string | null {
  const trimmed = message.trim();
  return trimmed === '' ? null : cut(trimmed, REPORT_LIMITS.messageCharacters);
}
