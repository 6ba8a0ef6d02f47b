import { expect, it } from 'vitest';
import { KNOWN_RUNTIMES } from '../../../src/assignments/known-runtimes.js';
import { RUNTIME_KEYS } from '../../../src/sandbox/runtimes.js';

it('grading documents may name the runtimes that the sandbox knows', () => {
  expect(KNOWN_RUNTIMES).toEqual(RUNTIME_KEYS);
});
