import { describe, expect, it } from 'vitest';
import { rejudgeStatus } from '../../../src/submissions/rejudge-stage.js';

describe('the status of a rejudge', () => {
  it('is that of its runs once it is made', () => {
    expect(rejudgeStatus('apply', 'made', 1)).toBe('running');
    expect(rejudgeStatus('apply', 'made', 0)).toBe('finished');
    expect(rejudgeStatus('dry_run', 'made', 1)).toBe('running');
    expect(rejudgeStatus('dry_run', 'made', 0)).toBe('ready');
  });

  it('is preparing while it is made, also where all that is made so far has ended', () => {
    for (const mode of ['apply', 'dry_run'] as const) {
      expect(rejudgeStatus(mode, 'making', 0)).toBe('preparing');
      expect(rejudgeStatus(mode, 'making', 1)).toBe('preparing');
    }
  });

  it('is the decision, whatever its runs do', () => {
    for (const stage of ['applying', 'applied', 'discarding', 'discarded'] as const) {
      expect(rejudgeStatus('dry_run', stage, 1)).toBe(stage);
      expect(rejudgeStatus('dry_run', stage, 0)).toBe(stage);
    }
  });

  it('is told of rows of before there were stages', () => {
    expect(rejudgeStatus(null, null, 3)).toBe('running');
    expect(rejudgeStatus(null, null, 0)).toBe('finished');
  });
});
