import { readFile, rename, writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { CommandFailure } from './progress.mjs';

/**
 * What became of each package that was imported. With a file it is written after each, so that nothing is lost and a run that
 * was broken off goes on behind the last.
 */
export class ImportReport {
  #file;
  #packages;

  constructor(file, packages) {
    this.#file = file;
    this.#packages = packages;
  }

  /** The report in `file`, else an empty one; without a file it is kept in memory only. */
  static async at(file) {
    if (file === undefined) return new ImportReport(null, []);
    const text = await readFile(file, 'utf8').catch((error) => {
      if (error.code === 'ENOENT') return null;
      throw new CommandFailure(`${file} cannot be read: ${error.message}`);
    });
    if (text === null) return new ImportReport(file, []);
    try {
      const { packages } = JSON.parse(text);
      if (Array.isArray(packages) && packages.every(({ path }) => typeof path === 'string')) {
        return new ImportReport(file, packages);
      }
    } catch {
      // What is no JSON is no report either.
    }
    throw new CommandFailure(`${file} is there and is no report of this command: name another file`);
  }

  /** Whether a package is an assignment already. */
  has(path) {
    return this.#packages.some((one) => one.path === resolve(path) && one.assignmentId !== undefined);
  }

  async add({ path, ...result }) {
    const place = resolve(path);
    this.#packages = [...this.#packages.filter((one) => one.path !== place), { path: place, ...result }];
    if (this.#file === null) return;
    const { right, total } = agreementOf(this.#packages);
    const text = JSON.stringify({ right, total, packages: this.#packages }, null, 2);
    // A file that is written in place is empty for a moment.
    await writeFile(`${this.#file}.new`, `${text}\n`);
    await rename(`${this.#file}.new`, this.#file);
  }

  /** Whether all of `paths` were imported and their model submissions graded as they should be. */
  isGood(paths) {
    return this.#of(paths).every(isProved);
  }

  /** What a person with many packages wants to know at the end. */
  summary(paths) {
    const packages = this.#of(paths);
    const { right, total } = agreementOf(packages);
    const refused = packages.filter(({ assignmentId }) => assignmentId === undefined);
    const differing = packages.flatMap(({ path, models = [] }) =>
      models.filter(({ ok }) => !ok).map((model) => `  ${path}: ${differenceOf(model)}`),
    );
    const lines = [`${packages.filter(isProved).length} of ${packages.length} packages imported and proved`];
    if (refused.length > 0) {
      lines.push('Not imported:', ...refused.map(({ path, refusal }) => `  ${path}: ${refusal.replaceAll('\n', ' ')}`));
    }
    if (differing.length > 0) lines.push('Graded differently from what their packages say:', ...differing);
    if (total > 0) {
      const percent = ((100 * right) / total).toFixed(1);
      lines.push(`${right} of ${total} model submissions (${percent} %) are graded as their packages say`);
    }
    return lines;
  }

  #of(paths) {
    const places = new Set(paths.map((path) => resolve(path)));
    return this.#packages.filter(({ path }) => places.has(path));
  }
}

/** `wrong_answer/off-by-one.py should be wrong_answer, and is accepted with 100 points` */
export function differenceOf({ path, expected, actual, refusal }) {
  const { verdicts, leastScore, mostScore, partial } = expected;
  const points = leastScore === null ? '' : ` with ${[...new Set([leastScore, mostScore])].join(' to ')} points`;
  const part = partial ? ' with part of the points' : '';
  const got = actual === null ? refusal : `${actual.verdict ?? actual.status} with ${actual.score ?? 'no'} points`;
  return `${path} should be ${verdicts?.join(' or ') ?? 'graded'}${points}${part}, and is ${got}`;
}

function isProved({ assignmentId, models = [] }) {
  return assignmentId !== undefined && models.every(({ ok }) => ok);
}

function agreementOf(packages) {
  const models = packages.flatMap((one) => one.models ?? []);
  return { right: models.filter(({ ok }) => ok).length, total: models.length };
}
