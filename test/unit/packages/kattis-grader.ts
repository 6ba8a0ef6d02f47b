import type { Verdict } from '../../../src/grading/verdict.js';
import type { Files } from './translated.js';

/** A folder of test data as an author writes it: its own settings only. */
export interface Folder {
  readonly name: string;
  readonly settings: Readonly<Record<string, string | number>>;
  readonly tests: readonly string[];
  readonly folders: readonly Folder[];
}

/** A result as Kattis's graders know it. */
export interface GraderResult {
  readonly verdict: Verdict;
  readonly score: number;
}

type Settings = Readonly<Record<string, string | number>>;

const DEFAULTS: Settings = { on_reject: 'break', grader_flags: '', accept_score: 1, reject_score: 0 };

const WORST_FIRST: readonly Verdict[] = [
  'runtime_error',
  'memory_limit_exceeded',
  'time_limit_exceeded',
  'output_limit_exceeded',
  'wrong_answer',
];

/**
 * What Kattis makes of the tests' verdicts, written after "Default grader specification" of the `legacy` format and the judge of
 * problemtools, and knowing nothing of grading documents.
 *
 * @param verdictOf asked in the order in which Kattis judges, and only of tests that it runs
 */
export function kattisResult(root: Folder, verdictOf: (path: string) => Verdict): GraderResult {
  const result = judged(root, `data`, DEFAULTS, verdictOf);
  if (result === null) throw new Error('There are no tests.');
  return result;
}

function judged(
  folder: Folder,
  path: string,
  inherited: Settings,
  verdictOf: (path: string) => Verdict,
): GraderResult | null {
  const settings = { ...inherited, ...folder.settings };
  const items = [
    ...folder.tests.map((name) => ({ name, folder: null })),
    ...folder.folders.map((inner) => ({ name: inner.name, folder: inner })),
  ].sort((one, other) => (one.name < other.name ? -1 : 1));
  const results: GraderResult[] = [];
  for (const item of items) {
    const at = `${path}/${item.name}`;
    const result =
      item.folder === null ? ofTest(verdictOf(at), settings) : judged(item.folder, at, settings, verdictOf);
    if (result === null) continue;
    results.push(result);
    if (result.verdict !== 'accepted' && settings['on_reject'] === 'break') break;
  }
  return results.length === 0 ? null : graded(results, String(settings['grader_flags']).split(' '));
}

function ofTest(verdict: Verdict, settings: Settings): GraderResult {
  const score = Number(settings[verdict === 'accepted' ? 'accept_score' : 'reject_score']);
  return { verdict, score };
}

function graded(all: readonly GraderResult[], flags: readonly string[]): GraderResult {
  const results = flags.includes('ignore_sample') ? all.slice(-1) : all;
  const scores = results.map(({ score }) => score);
  const sum = scores.reduce((total, one) => total + one, 0);
  const mode = flags.findLast((flag) => ['sum', 'avg', 'min', 'max'].includes(flag)) ?? 'sum';
  const score = { sum, avg: sum / scores.length, min: Math.min(...scores), max: Math.max(...scores) }[mode] ?? sum;
  const errors = results.map(({ verdict }) => verdict).filter((verdict) => verdict !== 'accepted');
  const isAnyAccepted = flags.includes('accept_if_any_accepted') && errors.length < results.length;
  const verdictMode = flags.findLast((flag) => ['worst_error', 'first_error', 'always_accept'].includes(flag));
  const [first] = errors;
  if (first === undefined || isAnyAccepted || verdictMode === 'always_accept') return { verdict: 'accepted', score };
  const worst = WORST_FIRST.find((verdict) => errors.some((error) => error === verdict)) ?? first;
  return { verdict: verdictMode === 'first_error' ? first : worst, score };
}

/** The files of a folder and all in it. */
export function filesOf(folder: Folder, path = 'data'): Files {
  const settings = Object.entries(folder.settings).map(([key, value]) => `${key}: ${value}\n`);
  return Object.fromEntries([
    ...(settings.length === 0 ? [] : [[`${path}/testdata.yaml`, settings.join('')] as const]),
    ...folder.tests.flatMap((name) => [
      [`${path}/${name}.in`, `${path}/${name}`] as const,
      [`${path}/${name}.ans`, ''] as const,
    ]),
    ...folder.folders.flatMap((inner) => Object.entries(filesOf(inner, `${path}/${inner.name}`))),
  ]);
}
