/** Where a grading run stands. */
export const RUN_STATES = ['queued', 'running', 'graded', 'failed', 'cancelled'] as const;
export type RunState = (typeof RUN_STATES)[number];

/**
 * `running` → `queued` hands a run back when its worker stopped or died. `queued` → `failed` gives up on a run that can
 * never start. What is graded, failed or cancelled never changes: a regrade is a new run.
 */
const NEXT: Readonly<Record<RunState, readonly RunState[]>> = {
  queued: ['running', 'cancelled', 'failed'],
  running: ['graded', 'failed', 'cancelled', 'queued'],
  graded: [],
  failed: [],
  cancelled: [],
};

/** True when a grading run may go from `from` to `to` in one step. Staying where it is is not a step. */
export function canMove(from: RunState, to: RunState): boolean {
  return NEXT[from].includes(to);
}

/** True for the states that a grading run never leaves. */
export function isTerminal(state: RunState): boolean {
  return NEXT[state].length === 0;
}
