import { readFile, rename, writeFile } from 'node:fs/promises';
import { CommandFailure } from '../lib/progress.mjs';

/**
 * What a long run has come to, kept so that it can be gone on with: the results so far, those of rows that are half-way
 * among them.
 *
 * @typedef {object} Progress
 * @property {number} seed
 * @property {'embedded' | 'several processes'} mode
 * @property {import('./table.mjs').RowResult[]} results
 */

/** @param {string} file @returns {Promise<Progress | null>} null: there is none yet */
export async function readProgress(file) {
  const text = await readFile(file, 'utf8').catch(() => null);
  if (text === null) return null;
  try {
    const progress = JSON.parse(text, (key, value) =>
      key === 'recoveries' ? value.map((one) => one ?? Infinity) : value,
    );
    if (Array.isArray(progress.results)) return progress;
  } catch {
    // Told below.
  }
  throw new CommandFailure(`${file} is no result of this command. Name another file, or remove it.`);
}

/** In one step: a run that is ended meanwhile leaves the former state. @param {string} file @param {Progress} progress */
export async function writeProgress(file, progress) {
  await writeFile(`${file}.new`, `${JSON.stringify(progress, null, 2)}\n`);
  await rename(`${file}.new`, file);
}
