import type { Verdict } from '../../grading/verdict.js';
import { type Expectation, MODEL_VERDICTS } from '../model-submission.js';
import { isMap, textOf, type YamlMap } from '../read-yaml.js';
import type { Warn } from '../translated-package.js';
import { globMatches } from './glob.js';

/** Limits that Kattis has no word for: memory counts as a crash there, output as wrong. */
const CRASHES: readonly Verdict[] = ['runtime_error', 'memory_limit_exceeded'];
const WRONG: readonly Verdict[] = ['wrong_answer', 'output_limit_exceeded'];
const REJECTING = MODEL_VERDICTS.filter((verdict) => verdict !== 'accepted');

const any = (verdicts: readonly Verdict[]): Expectation => ({ verdicts, score: null, isPartial: false });

/** What the folders of `submissions/` say, in all versions of the format, and what they are called here. */
const FOLDERS: Readonly<Record<string, { readonly folder: string; readonly expected: Expectation }>> = {
  accepted: { folder: 'accepted', expected: any(['accepted']) },
  slow_accepted: { folder: 'accepted', expected: any(['accepted']) },
  partially_accepted: {
    folder: 'partially_accepted',
    expected: { verdicts: ['accepted'], score: null, isPartial: true },
  },
  rejected: { folder: 'rejected', expected: any(REJECTING) },
  wrong_answer: { folder: 'wrong_answer', expected: any(WRONG) },
  time_limit_exceeded: { folder: 'time_limit_exceeded', expected: any(['time_limit_exceeded']) },
  run_time_error: { folder: 'runtime_error', expected: any(CRASHES) },
  runtime_error: { folder: 'runtime_error', expected: any(CRASHES) },
  memory_limit_exceeded: { folder: 'memory_limit_exceeded', expected: any(CRASHES) },
  output_limit_exceeded: { folder: 'output_limit_exceeded', expected: any(WRONG) },
  compile_error: { folder: 'compile_error', expected: any(['compile_error']) },
  brute_force: { folder: 'rejected', expected: any(['time_limit_exceeded', ...CRASHES]) },
};

/** Folders whose names say all that is to be said; elsewhere a tag in a program may say more. */
const PLAIN_FOLDERS = ['accepted', 'wrong_answer', 'time_limit_exceeded', 'run_time_error'];

/** The verdicts of `submissions.yaml`. */
const CODES: Readonly<Record<string, readonly Verdict[]>> = {
  AC: ['accepted'],
  WA: WRONG,
  TLE: ['time_limit_exceeded'],
  RTE: CRASHES,
};

/** The verdicts of `@EXPECTED_RESULTS@`, without what is not a letter. */
const TAGS: Readonly<Record<string, readonly Verdict[]>> = {
  ACCEPTED: ['accepted'],
  CORRECT: ['accepted'],
  WRONGANSWER: WRONG,
  NOOUTPUT: WRONG,
  OUTPUTLIMIT: WRONG,
  OUTPUTLIMITEXCEEDED: WRONG,
  TIMELIMIT: ['time_limit_exceeded'],
  TIMELIMITEXCEEDED: ['time_limit_exceeded'],
  RUNTIMEERROR: CRASHES,
  RUNERROR: CRASHES,
  MEMORYLIMIT: CRASHES,
  COMPILERERROR: ['compile_error'],
};

/** Where what is said of single submissions stands. */
export const LIST = 'submissions/submissions.yaml';

export interface FolderExpectation {
  /** What the folder is called here. */
  readonly folder: string;
  readonly expected: Expectation;
}

/**
 * What a submission must get by the folder that it lies in, or by the tag `@EXPECTED_RESULTS@` of DOMjudge and BAPCtools in it;
 * null where neither says anything.
 */
export function folderExpectation(folder: string, texts: readonly string[]): FolderExpectation | null {
  const known = Object.hasOwn(FOLDERS, folder) ? FOLDERS[folder] : undefined;
  const tagged = PLAIN_FOLDERS.includes(folder) ? null : taggedVerdicts(texts);
  if (tagged !== null) {
    const name = tagged.length === 1 && tagged[0] === 'accepted' ? 'accepted' : 'rejected';
    return { folder: known?.folder ?? name, expected: any(tagged) };
  }
  return known ?? null;
}

function taggedVerdicts(texts: readonly string[]): readonly Verdict[] | null {
  for (const text of texts) {
    const words = /@EXPECTED_RESULTS@:([^\n*]{1,200})/i.exec(text)?.[1]?.split(',') ?? [];
    const verdicts = words.flatMap((word) => {
      const tag = word.toUpperCase().replace(/[^A-Z]/g, '');
      return Object.hasOwn(TAGS, tag) ? (TAGS[tag] ?? []) : [];
    });
    if (verdicts.length > 0) return MODEL_VERDICTS.filter((verdict) => verdicts.includes(verdict));
  }
  return null;
}

/** What `submissions.yaml` says of one submission, as far as it is about the whole of it; null where nothing says anything. */
export function listedExpectation(
  list: YamlMap,
  path: string,
  byFolder: Expectation | null,
  warn: Warn,
): Expectation | null {
  let expected = byFolder;
  for (const [glob, value] of Object.entries(list)) {
    if (!globMatches(glob, path) || !isMap(value)) continue;
    const at = `${LIST}#/${glob.replaceAll('~', '~0').replaceAll('/', '~1')}`;
    for (const key of Object.keys(value).filter((one) => isMap(value[one]))) {
      warn(`${at}/${key}`, 'is about a part of the tests, which is not compared: left out');
    }
    for (const key of ['message', 'language'].filter((one) => value[one] !== undefined)) {
      warn(`${at}/${key}`, 'has no counterpart: left out');
    }
    const verdicts = verdictsOf(value);
    if (verdicts !== null) {
      // The name of a folder replaces what it stands for; all else asks for more.
      const before = path.startsWith(`${glob}/`) ? null : (expected?.verdicts ?? null);
      const kept = verdicts.filter((verdict) => before?.includes(verdict) ?? true);
      expected = { ...(expected ?? any(REJECTING)), verdicts: kept.length === 0 ? verdicts : kept };
    }
    const score = scoreOf(value['score']);
    if (score !== null) expected = { ...(expected ?? { verdicts: null, isPartial: false }), score };
  }
  return expected;
}

/** The file of a submission that is run, where `submissions.yaml` names one. */
export function listedEntrypoint(list: YamlMap, path: string): string | null {
  const named = Object.entries(list).flatMap(([glob, value]) =>
    globMatches(glob, path) && isMap(value) && typeof value['entrypoint'] === 'string' ? value['entrypoint'] : [],
  );
  return named.at(-1) ?? null;
}

/**
 * The verdicts that the rules leave: all tests must get one of `permitted`, and some test one of `required`. Which of several
 * failures comes first they leave open.
 */
function verdictsOf({ permitted, required }: YamlMap): readonly Verdict[] | null {
  const [allowed, needed] = [codesOf(permitted), codesOf(required)];
  if (allowed === null) return needed;
  return needed === null || needed.includes('accepted') ? allowed : allowed.filter((verdict) => verdict !== 'accepted');
}

function codesOf(value: unknown): readonly Verdict[] | null {
  if (!Array.isArray(value)) return null;
  const codes: unknown[] = value;
  const verdicts = MODEL_VERDICTS.filter((verdict) =>
    codes.some((code) => Object.hasOwn(CODES, textOf(code)) && CODES[textOf(code)]?.includes(verdict) === true),
  );
  return verdicts.length === 0 || Object.keys(CODES).every((code) => codes.includes(code)) ? null : verdicts;
}

function scoreOf(value: unknown): Expectation['score'] {
  const bounds: unknown[] = Array.isArray(value) ? value : [value, value];
  const [least, most] = bounds.map((bound) => (typeof bound === 'number' ? bound : Number.NaN));
  return least !== undefined && most !== undefined && least >= 0 && most >= least ? { least, most } : null;
}
