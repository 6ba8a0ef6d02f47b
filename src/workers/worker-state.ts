/**
 * What a worker does. `starting`: it examines its sandbox. `unready`: it has none that holds. `paused`: it was told to take
 * nothing new. `draining`, `drained`: told to take nothing new and to go; it still grades, or is ready to be stopped.
 * `stopping`: its process was told to stop. `stopped`: it did, and is still listed because it was paused and will be when it
 * starts again. `lost`: it was not heard of for a while.
 */
export const WORKER_STATES = [
  'starting',
  'idle',
  'running',
  'paused',
  'draining',
  'drained',
  'unready',
  'stopping',
  'stopped',
  'lost',
] as const;

export type WorkerState = (typeof WORKER_STATES)[number];

/** What administrators want of a worker. */
export const WORKER_WISHES = ['run', 'pause', 'drain'] as const;

export type WorkerWish = (typeof WORKER_WISHES)[number];
