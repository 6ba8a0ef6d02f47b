/** `apply`: the new runs are the submissions' runs from the start. `dry_run`: they become so when somebody says so. */
export const REJUDGE_MODES = ['apply', 'dry_run'] as const;
export type RejudgeMode = (typeof REJUDGE_MODES)[number];

/**
 * How far a batch itself is, as its row keeps it; how far its runs are, they say themselves. `making`, `applying` and
 * `discarding` are left by whoever moves the batch on; a process that dies leaves them for another to go on with.
 */
export const REJUDGE_STAGES = ['making', 'made', 'applying', 'applied', 'discarding', 'discarded'] as const;
export type RejudgeStage = (typeof REJUDGE_STAGES)[number];

/** What the API shows of a batch. */
export const REJUDGE_STATUSES = [
  'preparing',
  'running',
  'finished',
  'ready',
  'applying',
  'applied',
  'discarding',
  'discarded',
] as const;
export type RejudgeStatus = (typeof REJUDGE_STATUSES)[number];

/** Stages in which there is something to do for the batch itself. */
export const UNSETTLED_STAGES = ['making', 'applying', 'discarding'] as const satisfies readonly RejudgeStage[];

/**
 * The status of a batch.
 *
 * @param unended how many of its runs are queued or running
 */
export function rejudgeStatus(mode: RejudgeMode | null, stage: RejudgeStage | null, unended: number): RejudgeStatus {
  if (stage === 'making') return 'preparing';
  if (stage !== null && stage !== 'made') return stage;
  if (unended > 0) return 'running';
  return mode === 'dry_run' ? 'ready' : 'finished';
}
