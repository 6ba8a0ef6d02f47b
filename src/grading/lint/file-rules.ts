import type { LintFileRules } from '../grading-document.js';
import { aboutFile, type LintFile, type LintFinding } from './lint-finding.js';
import { pathMatches } from './path-pattern.js';

const LINE_FEED = 0x0a;
const SHEBANG = /^#! ?\/[^\s]+[^\0\r\n]*\n/;
/** Linux reads no more of a first line that names an interpreter. */
const SHEBANG_BYTES = 255;

/** What files do not keep of what is asked of them; a pattern of `required` that nothing matches is a finding of its own. */
export function fileRuleFindings(rules: LintFileRules, files: readonly LintFile[]): LintFinding[] {
  const matching = (pattern: string): readonly LintFile[] => files.filter(({ path }) => pathMatches(pattern, path));
  const each = (patterns: readonly string[], look: (file: LintFile) => LintFinding | null): LintFinding[] =>
    [...new Set(patterns.flatMap(matching))].flatMap((file) => look(file) ?? []);
  return [
    ...rules.required
      .filter((pattern) => matching(pattern).length === 0)
      .map((pattern) => aboutFile(pattern, 'required-file', 'There is no such file.')),
    ...each(rules.forbidden, ({ path }) => aboutFile(path, 'forbidden-file', 'This file shall not be handed in.')),
    ...each(rules.shebang, shebangFinding),
    ...each(rules.executable, ({ path, executable }) =>
      executable === true
        ? null
        : aboutFile(path, 'executable', 'This file is not executable: chmod +x, and hand in an archive.'),
    ),
    ...each(rules.finalNewline, finalNewlineFinding),
  ];
}

function shebangFinding({ path, content }: LintFile): LintFinding | null {
  const beginning = new TextDecoder('utf-8', { ignoreBOM: true }).decode(content.subarray(0, SHEBANG_BYTES));
  if (SHEBANG.test(beginning)) return null;
  const message = /^#!.*\r/.test(beginning)
    ? 'The first line ends with a carriage return, so that its interpreter is not found.'
    : 'The first line does not name an interpreter, such as #!/bin/sh.';
  return { ...aboutFile(path, 'shebang', message), line: 1 };
}

function finalNewlineFinding({ path, content }: LintFile): LintFinding | null {
  if (content.length === 0) return aboutFile(path, 'final-newline', 'The file is empty.');
  if (content.at(-1) === LINE_FEED) return null;
  return aboutFile(path, 'final-newline', 'The last line does not end with a line feed.');
}
