import { Raw } from 'typeorm';

/**
 * What became of a run that a dry run made. `pending` until somebody decides, then `applied` (it is the submission's result, as
 * any other run's would be), `overtaken` (the submission had another result by then), `failed` (there was nothing to apply) or
 * `discarded`.
 */
export const TRIALS = ['pending', 'applied', 'overtaken', 'failed', 'discarded'] as const;
export type Trial = (typeof TRIALS)[number];

/** Grading runs that count or counted, as a part of `where`: what students may know of. */
export const OFFICIAL_RUN = { trial: Raw((trial) => `(${trial} IS NULL OR ${trial} = 'applied')`) };

/** Those, and what dry runs gave that were not discarded: what staff see. */
export const SHOWN_TO_STAFF = { trial: Raw((trial) => `(${trial} IS NULL OR ${trial} <> 'discarded')`) };
