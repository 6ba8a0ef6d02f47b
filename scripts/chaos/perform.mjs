import { say, secondsSince } from '../lib/progress.mjs';
import { withRedis } from '../lib/servers/redis.mjs';
import { randomFrom } from './random.mjs';
import { slowRecoveries } from './recovery.mjs';
import { NotRun, Scene } from './scene.mjs';
import { queryMariadb } from './servers.mjs';

/** @returns {import('./table.mjs').RowResult} */
const nothingYet = ({ row, what }) => ({
  row,
  what,
  rounds: 0,
  accepted: 0,
  lost: 0,
  doubled: 0,
  recoveries: [],
  outcome: 'held',
  why: [],
});

/** A row that was not done, and why. */
export const notRun = (row, reason) => ({ ...nothingYet(row), outcome: 'not run', why: [reason] });

/**
 * Does one row, round by round, with an audit after each few rounds.
 *
 * @param {import('./rows.mjs').Row} row
 * @param {{ topology: object, school: object, options: import('./options.mjs').Options, isTimeOver: () => boolean }} world
 * @param {import('./table.mjs').RowResult | null} begun what an earlier run came to
 * @param {(result: import('./table.mjs').RowResult) => Promise<void>} save called after each audit
 * @returns {Promise<import('./table.mjs').RowResult>}
 */
export async function perform(row, { topology, school, options, isTimeOver }, begun, save) {
  const rounds =
    row.rounds === undefined ? 1 : (options.rounds ?? (options.isQuick ? row.rounds.quick : row.rounds.long));
  let result = begun ?? nothingYet(row);
  while (result.rounds < rounds && result.outcome !== 'not run' && !(result.rounds > 0 && isTimeOver())) {
    const some = Math.min(row.chunk ?? rounds, rounds - result.rounds);
    const startedAt = performance.now();
    const random = randomFrom(options.seed + Number(row.row) * 1_000_003 + result.rounds);
    const scene = new Scene({ topology, school, random, isQuick: options.isQuick, rounds: some });
    result = merge(result, some, await performOnce(row, scene));
    say(describe(result, rounds, startedAt));
    await save(result);
  }
  const slow = row.hasTimes === true ? slowRecoveries(result.recoveries) : [];
  // A row that is gone on with was judged before.
  const why = [...new Set([...result.why, ...slow])];
  return why.length === 0 || result.outcome === 'not run' ? result : { ...result, outcome: 'missed', why };
}

async function performOnce(row, scene) {
  try {
    await scene.school.renewTokens();
    await scene.prepare();
    await row.run(scene);
  } catch (error) {
    if (error instanceof NotRun) return { outcome: 'not run', why: [error.message] };
    // Whatever it was that could not be done, the row was not held, and the others shall be done all the same.
    scene.missed.push(error.message);
  }
  try {
    await restore(scene.topology);
  } catch (error) {
    scene.missed.push(`not all was well again after the fault: ${error.message}`);
  }
  return scene.conclude();
}

/** Whatever a row has left broken, all is well again before the audit. */
async function restore({ apis, workers, links = [], front, store, workArea, redis, mariadb }) {
  for (const proxy of [
    ...links.flatMap(({ redis, database }) => [redis, database]),
    ...(front === undefined ? [] : [front]),
  ]) {
    proxy.mode = 'pass';
    proxy.delayMs = 0;
  }
  if (redis !== undefined) {
    await redis.startIfDown();
    await withRedis(redis.port, (client) => client.config('SET', 'maxmemory', '0'));
  }
  if (mariadb !== undefined) {
    await mariadb.startIfDown();
    await queryMariadb(mariadb.port, 'SET GLOBAL read_only = 0');
  }
  for (const disk of [store, workArea]) await disk?.makeRoom();
  for (const process of new Set([...apis, ...workers])) {
    if (process.isRunning) process.signal('SIGCONT');
    else process.start();
    await process.ready();
  }
}

function merge(result, rounds, found) {
  if (found.outcome === 'not run') return { ...result, outcome: 'not run', why: found.why };
  const why = [...result.why, ...found.why];
  return {
    ...result,
    rounds: result.rounds + rounds,
    accepted: result.accepted + found.accepted,
    lost: result.lost + found.lost.length,
    doubled: result.doubled + found.doubled.length,
    recoveries: [...result.recoveries, ...found.recoveries],
    outcome: why.length === 0 ? 'held' : 'missed',
    why,
  };
}

function describe(result, rounds, startedAt) {
  const { row, outcome, why, accepted } = result;
  const times = `${result.rounds} of ${rounds} rounds, ${accepted} accepted`;
  const first = why.length === 0 ? '' : `: ${why[0]}${why.length > 1 ? ` (and ${why.length - 1} more)` : ''}`;
  return `row ${row}: ${outcome}, ${times}, ${secondsSince(startedAt)} s${first}`;
}
