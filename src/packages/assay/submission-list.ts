import type { Verdict } from '../../grading/verdict.js';
import { type Expectation, expectationOfFolder, MODEL_VERDICTS } from '../model-submission.js';
import { PackageFault } from '../package-fault.js';
import { isMap, type YamlMap } from '../read-yaml.js';

/** Where a package says more of its model submissions than the names of folders do. */
export const SUBMISSION_LIST = 'submissions/submissions.yaml';

/** What the list says of one model submission. */
export interface ListedSubmission {
  readonly runtime: string | null;
  readonly expected: Expectation;
}

const KEYS = new Set(['runtime', 'verdicts', 'score']);

/** @param path of the submission, such as `accepted/one-loop` @throws PackageFault */
export function listedSubmission(list: YamlMap, path: string, folder: string): ListedSubmission {
  const entry = list[path] ?? {};
  const at = `${SUBMISSION_LIST}#/${path.replaceAll('~', '~0').replaceAll('/', '~1')}`;
  if (!isMap(entry)) throw PackageFault.at(at, 'must hold keys with values');
  const unknown = Object.keys(entry).find((key) => !KEYS.has(key));
  if (unknown !== undefined) throw PackageFault.at(`${at}/${unknown}`, `is not known: use ${[...KEYS].join(', ')}`);
  const { runtime = null } = entry;
  if (runtime !== null && typeof runtime !== 'string') throw PackageFault.at(`${at}/runtime`, 'must be a text');
  const byFolder = expectationOfFolder(folder);
  if (byFolder === null) throw PackageFault.at(at, `${folder} is not a folder of submissions/`);
  const verdicts =
    entry['verdicts'] === undefined ? byFolder.verdicts : verdictsOf(entry['verdicts'], `${at}/verdicts`);
  const score = entry['score'] === undefined ? null : scoreOf(entry['score'], `${at}/score`);
  return { runtime, expected: { verdicts, score, isPartial: byFolder.isPartial } };
}

function verdictsOf(value: unknown, at: string): readonly Verdict[] | null {
  if (value === null) return null;
  const list: unknown[] = Array.isArray(value) ? value : [value];
  const verdicts = MODEL_VERDICTS.filter((verdict) => list.includes(verdict));
  if (verdicts.length === 0 || verdicts.length !== new Set(list).size) {
    throw PackageFault.at(at, `must list verdicts, each one of ${MODEL_VERDICTS.join(', ')}`);
  }
  return verdicts;
}

/** One number, or the least and the most. */
function scoreOf(value: unknown, at: string): Expectation['score'] {
  const bounds: unknown[] = Array.isArray(value) ? value : [value, value];
  const [least, most] = bounds;
  if (bounds.length !== 2 || !isScore(least) || !isScore(most) || least > most) {
    throw PackageFault.at(at, 'must be a score, or a list of the least and the most');
  }
  return { least, most };
}

function isScore(value: unknown): value is number {
  return typeof value === 'number' && value >= 0 && value < Infinity;
}

/** What the list must hold so that it is read as `submission` again; null: nothing. */
export function listEntryOf(folder: string, { runtime, expected }: ListedSubmission): YamlMap | null {
  const byFolder = expectationOfFolder(folder);
  const { verdicts, score } = expected;
  const entry = {
    ...(runtime === null ? {} : { runtime }),
    ...(String(byFolder?.verdicts) === String(verdicts) ? {} : { verdicts }),
    ...(score === null ? {} : { score: score.least === score.most ? score.least : [score.least, score.most] }),
  };
  return Object.keys(entry).length === 0 ? null : entry;
}
