import { CommandFailure } from '../lib/progress.mjs';

/**
 * @typedef {object} Options
 * @property {boolean} isQuick
 * @property {boolean} isEmbedded
 * @property {number | null} rounds of rows 1 and 5; null: as many as the mode has by default
 * @property {string[] | null} rows null: all
 * @property {number} minutes after which no further row is begun
 * @property {string | null} json where the result is written
 * @property {string | null} resume as `json`; what it already holds is not done again
 * @property {number} seed
 */

const QUICK_MINUTES = 5;
const LONG_MINUTES = 600;
const MOST_ROUNDS = 10_000;

export const USAGE = `npm run chaos -- [--quick] [--embedded] [--rows 1,5,7] [--rounds N] [--minutes M] [--seed S] [--json FILE] [--resume FILE]

  --quick        outages of seconds, in under five minutes
  --embedded     one process on SQLite instead of two APIs, two workers, MariaDB and Redis
  --rows LIST    only these rows
  --rounds N     so many kills in rows 1 and 5
  --minutes M    begin no further row after so long; what was not begun is listed as not run
  --seed S       the random instants of an earlier run, which names its seed
  --json FILE    write the results there as well
  --resume FILE  write the results there after every few rounds, and begin behind what it already holds`;

/** @param {readonly string[]} args @param {() => number} [chooseSeed] @returns {Options} */
export function readOptions(args, chooseSeed = () => Math.floor(Math.random() * 2 ** 31)) {
  const given = new Map();
  const rest = [...args];
  while (rest.length > 0) {
    const [name, joined] = splitOnce(rest.shift());
    if (FLAGS.has(name) && joined === undefined) given.set(name, true);
    else if (VALUES.has(name)) given.set(name, joined ?? rest.shift());
    else throw new CommandFailure(`"${name}" is no option.\n\n${USAGE}`);
    if (given.get(name) === undefined) throw new CommandFailure(`${name} needs a value.\n\n${USAGE}`);
  }
  const isQuick = given.has('--quick');
  const resume = given.get('--resume') ?? null;
  return {
    isQuick,
    isEmbedded: given.has('--embedded'),
    rounds: number(given, '--rounds', null, 1, MOST_ROUNDS),
    rows: rowsOf(given.get('--rows')),
    minutes: number(given, '--minutes', isQuick ? QUICK_MINUTES : LONG_MINUTES, 1, 100_000),
    json: given.get('--json') ?? resume,
    resume,
    seed: number(given, '--seed', null, 0, 2 ** 32 - 1) ?? chooseSeed(),
  };
}

const FLAGS = new Set(['--quick', '--embedded']);
const VALUES = new Set(['--rounds', '--rows', '--minutes', '--json', '--seed', '--resume']);

function splitOnce(argument) {
  const at = argument.indexOf('=');
  return at === -1 ? [argument] : [argument.slice(0, at), argument.slice(at + 1)];
}

function number(given, name, fallback, least, most) {
  const text = given.get(name);
  if (text === undefined) return fallback;
  const value = /^\d+$/.test(text) ? Number(text) : Number.NaN;
  if (value >= least && value <= most) return value;
  throw new CommandFailure(`${name} must be a whole number from ${least} to ${most}.`);
}

function rowsOf(text) {
  if (text === undefined) return null;
  const rows = text.split(',').map((row) => row.trim());
  const bad = rows.find((row) => !/^\d{1,2}$/.test(row));
  if (bad !== undefined) throw new CommandFailure(`--rows takes numbers with commas, such as 1,5,7; "${bad}" is none.`);
  return rows.map((row) => String(Number(row)));
}
