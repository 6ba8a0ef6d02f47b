import { cancelBoth } from './rows/cancel.mjs';
import { changeMeanwhile, editTogether } from './rows/changes.mjs';
import { skewApiClock, stepWorkerClock } from './rows/clocks.mjs';
import { cutWorker } from './rows/cut-worker.mjs';
import { killDatabase, readOnlyDatabase } from './rows/database.mjs';
import { deepQueue, flood, floodedCourse } from './rows/fairness.mjs';
import { freezeWorker } from './rows/frozen-worker.mjs';
import { fullStore, fullWorkArea } from './rows/full-disks.mjs';
import { stopGracefully } from './rows/graceful-stop.mjs';
import { killBeforeStore } from './rows/held-back.mjs';
import { killApi } from './rows/kill-api.mjs';
import { killSupervisor } from './rows/kill-supervisor.mjs';
import { killWorker } from './rows/kill-worker.mjs';
import { attemptLimit, deadline } from './rows/limits.mjs';
import { endNeverEnding } from './rows/never-ending.mjs';
import { poison } from './rows/poison.mjs';
import { fullRedis, killRedis, wipeRedis } from './rows/redis.mjs';
import { deliverTwice } from './rows/twice.mjs';

/**
 * @typedef {object} Row one row of the list of faults
 * @property {string} row its number
 * @property {string} what what is done, for the table
 * @property {boolean} [isEmbeddedToo] whether the embedded mode must pass it as well
 * @property {number} [chunk] how many of its rounds are done between two audits; a row without it has one round
 * @property {{ quick: number, long: number }} [rounds]
 * @property {boolean} [hasTimes] whether the times of `recovery.mjs` are promised
 * @property {(scene: import('./scene.mjs').Scene) => Promise<void>} run
 */

/** @type {readonly Row[]} in the order in which they are done */
export const ROWS = [
  killWorker,
  killBeforeStore,
  killSupervisor,
  freezeWorker,
  killApi,
  killRedis,
  wipeRedis,
  fullRedis,
  killDatabase,
  readOnlyDatabase,
  cutWorker,
  fullWorkArea,
  fullStore,
  stepWorkerClock,
  skewApiClock,
  stopGracefully,
  deliverTwice,
  poison,
  endNeverEnding,
  flood,
  floodedCourse,
  deepQueue,
  cancelBoth,
  attemptLimit,
  deadline,
  changeMeanwhile,
  editTogether,
];
