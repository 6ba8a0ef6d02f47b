import { aboutFile, LINT_LIMITS, type LintFile, type LintFinding, unchecked } from './lint-finding.js';
import { pathMatches } from './path-pattern.js';

const STRICT = new TextDecoder('utf-8', { fatal: true });

/** The files that a tool is to check, and why others, which it was to check too, cannot be. */
export interface CheckableFiles {
  readonly files: readonly (LintFile & { readonly text: string })[];
  readonly findings: readonly LintFinding[];
}

/**
 * Of `files` those that `paths` name and `exclude` does not, in the order of their paths. Tools are given text only: what is
 * not UTF-8, holds NUL or is too large cannot be checked, which is a finding.
 */
export function checkableFiles(
  { paths, exclude }: { readonly paths: readonly string[]; readonly exclude: readonly string[] },
  files: readonly LintFile[],
): CheckableFiles {
  const named = files
    .filter(({ path }) => paths.some((pattern) => pathMatches(pattern, path)))
    .filter(({ path }) => !exclude.some((pattern) => pathMatches(pattern, path)))
    .toSorted((a, b) => (a.path < b.path ? -1 : 1));
  const checkable: (LintFile & { text: string })[] = [];
  const findings: LintFinding[] = [];
  let total = 0;
  for (const file of named) {
    const fault = total + file.content.length > LINT_LIMITS.totalBytes ? tooMuch(file) : faultOf(file);
    if (fault !== null) {
      findings.push(fault);
      continue;
    }
    total += file.content.length;
    checkable.push({ ...file, text: STRICT.decode(file.content) });
  }
  return { files: checkable, findings };
}

function tooMuch({ path }: LintFile): LintFinding {
  const message = `Only ${LINT_LIMITS.totalBytes / 1_048_576} MiB are checked of all files together.`;
  return unchecked(path, 'too-large', message);
}

function faultOf({ path, content }: LintFile): LintFinding | null {
  if (content.length > LINT_LIMITS.fileBytes) {
    return unchecked(path, 'too-large', `The file is larger than ${LINT_LIMITS.fileBytes / 1024} KiB.`);
  }
  if (content.includes(0)) return unchecked(path, 'not-text', 'The file holds NUL: it is not text.');
  try {
    STRICT.decode(content);
    return null;
  } catch {
    return unchecked(path, 'not-utf-8', 'The file is not UTF-8.');
  }
}

/** A finding for a pattern list that names nothing: a submission without files is not a clean one. */
export function nothingToCheck(paths: readonly string[]): LintFinding {
  return aboutFile(paths.join(', '), 'no-file', 'The submission has no such file: there was nothing to check.');
}
