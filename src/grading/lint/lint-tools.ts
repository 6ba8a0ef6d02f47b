import type { LintTool } from '../grading-document.js';

/** What holds for a tool where a test does not say. */
interface LintToolDefaults {
  readonly title: string;
  readonly paths: readonly string[];
  readonly ignore: readonly string[];
}

/**
 * `pycodestyle`: PEP 8. `docstrings`: that modules, classes and functions which are not private have one, by the numbers that
 * are usual for it (D100–D107). `eslint`: its recommended rules, unless `config` names others. `shellcheck`: all of its own.
 * `dockerfile`: rules of Assay's own (`dockerfile-lint.ts`). `files`: `LintFileRules`.
 */
export const LINT_TOOL_DEFAULTS: Readonly<Record<LintTool, LintToolDefaults>> = {
  pycodestyle: {
    title: 'pycodestyle',
    paths: ['**/*.py'],
    // As pycodestyle itself: they are not agreed on, and some exclude each other.
    ignore: ['E121', 'E123', 'E126', 'E226', 'E24*', 'E704', 'W503', 'W504'],
  },
  docstrings: { title: 'The check of docstrings', paths: ['**/*.py'], ignore: ['D105', 'D107'] },
  eslint: { title: 'ESLint', paths: ['**/*.js', '**/*.mjs', '**/*.cjs'], ignore: [] },
  shellcheck: { title: 'ShellCheck', paths: ['**/*.sh', '**/*.bash'], ignore: [] },
  dockerfile: {
    title: 'The check of Dockerfiles',
    paths: ['**/Dockerfile', '**/Dockerfile.*', '**/*.Dockerfile', '**/Containerfile'],
    ignore: [],
  },
  files: { title: 'The check of files', paths: [], ignore: [] },
};
