import type { CommandFormat } from '../grading-document.js';

/** Where each format's results lie when the test does not say; null: in standard output, or nowhere. */
export const DEFAULT_RESULTS_PATHS: Readonly<Record<CommandFormat, string | null>> = {
  'exit-code': null,
  gradescope: 'results/results.json',
  'junit-xml': null,
  tap: null,
};
