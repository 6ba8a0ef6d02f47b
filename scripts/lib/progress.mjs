/**
 * What a command says while somebody waits for it. Plain lines, so that a log file reads as well as a terminal does.
 * Everything here goes to standard output except errors.
 */

/** Silence after which a step says that it is still at work. */
const FIRST_SIGN_AFTER_MS = 2_000;
const SIGN_EVERY_MS = 10_000;

/** @param {string} line */
export function say(line) {
  process.stdout.write(`${line}\n`);
}

/** @param {number} sinceMs what `performance.now()` said at the start */
export function secondsSince(sinceMs) {
  return ((performance.now() - sinceMs) / 1000).toFixed(1);
}

/**
 * Does `work` and says so: at once nothing, after two seconds what is being done, then a sign of life every ten seconds,
 * and at the end how long it took. A step that was over before anyone wondered leaves no line.
 *
 * @template T
 * @param {string} title what is being done, such as `Installing packages`
 * @param {() => Promise<T>} work
 * @returns {Promise<T>}
 */
export async function step(title, work) {
  const startedAt = performance.now();
  let announced = false;
  const announce = () => {
    say(announced ? `${title}: still at it after ${secondsSince(startedAt)} s` : `${title} …`);
    announced = true;
  };
  let every;
  const first = setTimeout(() => {
    announce();
    every = setInterval(announce, SIGN_EVERY_MS);
  }, FIRST_SIGN_AFTER_MS);
  try {
    const result = await work();
    if (announced) say(`${title}: done in ${secondsSince(startedAt)} s`);
    return result;
  } finally {
    clearTimeout(first);
    clearInterval(every);
  }
}

/**
 * An error that the reader can act on: its message is all that is printed, without a stack. The message says what to do
 * next.
 */
export class CommandFailure extends Error {
  name = 'CommandFailure';
}

/**
 * Runs a command's main function and turns what it throws into a message and an exit status.
 *
 * @param {() => Promise<number | void>} main resolves to the exit status; nothing means 0
 */
export async function runCommand(main) {
  try {
    process.exitCode = (await main()) ?? 0;
  } catch (error) {
    process.stderr.write(`${error instanceof CommandFailure ? error.message : (error?.stack ?? String(error))}\n`);
    process.exitCode = 1;
  }
}
