import { describe, expect, it } from 'vitest';
import { hasJudgeError } from '../../../src/grading/verdict.js';

describe('hasJudgeError', () => {
  it('finds our fault behind a fault of the student', () => {
    expect(hasJudgeError([{ verdict: 'wrong_answer' }, { verdict: 'judge_error' }])).toBe(true);
    expect(hasJudgeError([{ verdict: 'wrong_answer' }])).toBe(false);
  });
});
