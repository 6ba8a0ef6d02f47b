import { describe, expect, it } from 'vitest';
import { canMove, isTerminal, RUN_STATES, type RunState } from '../../../src/grading/run-state.js';

describe('the states of a grading run', () => {
  it('lead from queued through running to an end, and back to queued when a worker stops', () => {
    const moves = RUN_STATES.flatMap((from) =>
      RUN_STATES.filter((to) => canMove(from, to)).map((to) => `${from} ${to}`),
    );
    expect(moves).toEqual([
      'queued running',
      'queued failed',
      'queued cancelled',
      'running queued',
      'running graded',
      'running failed',
      'running cancelled',
    ]);
  });

  it('are final once graded, failed or cancelled', () => {
    const terminal: RunState[] = ['graded', 'failed', 'cancelled'];
    expect(RUN_STATES.filter(isTerminal)).toEqual(terminal);
    for (const from of terminal) for (const to of RUN_STATES) expect(canMove(from, to)).toBe(false);
  });
});
