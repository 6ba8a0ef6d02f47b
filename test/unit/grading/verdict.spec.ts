import { describe, expect, it } from 'vitest';
import { hasJudgeError, submissionVerdict, VERDICTS, type Verdict } from '../../../src/grading/verdict.js';

const verdictOf = (...verdicts: Verdict[]) => submissionVerdict(verdicts.map((verdict) => ({ verdict })));

describe('submissionVerdict', () => {
  it('is accepted when every test is', () => {
    expect(verdictOf('accepted')).toBe('accepted');
    expect(verdictOf('accepted', 'accepted')).toBe('accepted');
  });

  it('is the verdict of the first test that is neither accepted nor skipped', () => {
    expect(verdictOf('accepted', 'skipped', 'runtime_error', 'wrong_answer')).toBe('runtime_error');
    expect(verdictOf('wrong_answer', 'judge_error')).toBe('wrong_answer');
    expect(verdictOf('judge_error', 'wrong_answer')).toBe('judge_error');
  });

  it('is never accepted when something was skipped, or when there is nothing', () => {
    expect(verdictOf('accepted', 'skipped')).toBe('skipped');
    expect(verdictOf('skipped', 'skipped')).toBe('skipped');
    expect(verdictOf()).toBe('judge_error');
  });

  it('is accepted for all pairs of verdicts only where both are', () => {
    for (const a of VERDICTS) {
      for (const b of VERDICTS) {
        expect(verdictOf(a, b) === 'accepted').toBe(a === 'accepted' && b === 'accepted');
      }
    }
  });
});

describe('hasJudgeError', () => {
  it('finds our fault behind a fault of the student', () => {
    expect(hasJudgeError([{ verdict: 'wrong_answer' }, { verdict: 'judge_error' }])).toBe(true);
    expect(hasJudgeError([{ verdict: 'wrong_answer' }])).toBe(false);
  });
});
