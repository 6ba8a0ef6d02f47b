import type { MutationFramework } from '../grading-document.js';

/** Where a framework says how many tests passed. */
const COUNTS: Readonly<Record<MutationFramework, RegExp>> = {
  pytest: /(\d{1,6}) passed/g,
  unittest: /^Ran (\d{1,6}) tests?/gm,
  'node-test': /^(?:#|ℹ) pass (\d{1,6})/gm,
  mocha: /^\s*(\d{1,6}) passing/gm,
  jest: /^Tests:.*?(\d{1,6}) passed/gm,
  vitest: /^\s*Tests\s.*?(\d{1,6}) passed/gm,
};

// eslint-disable-next-line no-control-regex -- the colours of a terminal
const COLOURS = /\u001b\[[\d;]*m/g;

/**
 * How many tests of a suite passed, as its framework says last; 0 where it does not. A suite could print another number, and would
 * gain nothing by it: what counts is what it finds.
 */
export function countTests(framework: MutationFramework, stdout: Uint8Array, stderr: Uint8Array): number {
  const text = [stdout, stderr]
    .map((bytes) => new TextDecoder().decode(bytes))
    .join('\n')
    .replace(COLOURS, '');
  return Number([...text.matchAll(COUNTS[framework])].at(-1)?.[1] ?? 0);
}
