import { describe, expect, it } from 'vitest';
import { DEFAULT_LIMITS, limitsOf } from '../../../src/grading/limits.js';
import { gradingDocument, programTest } from './builders.js';

describe('limitsOf', () => {
  it('puts the limits of a test in the place of those of the document', () => {
    const document = gradingDocument();
    expect(limitsOf(document, programTest())).toEqual(DEFAULT_LIMITS);
    expect(limitsOf(document, programTest({ limits: { timeMs: 1, network: 'loopback' } }))).toEqual({
      ...DEFAULT_LIMITS,
      timeMs: 1,
      network: 'loopback',
    });
  });
});
