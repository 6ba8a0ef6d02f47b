import { scoreOf } from '../../../src/grading/score.js';
import type { TranslatedPackage } from '../../../src/packages/translated-package.js';
import { checked, type Files, translate } from './translated.js';

/** Tests in `data/`, each with a little input and answer. */
export function tests(...paths: string[]): Files {
  return Object.fromEntries(
    paths.flatMap((path) => [
      [`data/${path}.in`, `${path}\n`],
      [`data/${path}.ans`, 'Yes 1\n'],
    ]),
  );
}

/** A package in Python with these files. */
export function load(files: Files): TranslatedPackage {
  const problem = { 'problem.yaml': 'name: Echo\nlimits: {time_limit: 1}\n' };
  return translate('kattis', { ...problem, ...files }, { runtimes: ['python'] });
}

/** A problem that gives points. */
export const loadScoring = (files: Files): TranslatedPackage =>
  load({ 'problem.yaml': 'name: Echo\ntype: scoring\nlimits: {time_limit: 1}\n', ...files });

/** The points of a submission that passes the tests named, and no others. */
export function score(loaded: TranslatedPackage, ...passed: string[]): number {
  const document = checked(loaded);
  const results = document.tests.map(({ name, points }) => {
    const isPassed = passed.includes(name);
    return {
      name,
      verdict: isPassed ? ('accepted' as const) : ('wrong_answer' as const),
      points: isPassed ? points : 0,
    };
  });
  return scoreOf(document, results).score;
}

/** A package of version 2025-09. */
export const newer = (files: Files, type = 'scoring'): TranslatedPackage =>
  load({
    'problem.yaml': `problem_format_version: 2025-09\nname: {sv: Eko, en: Echo}\ntype: ${type}\nlimits: {time_limit: 1}\n`,
    ...files,
  });

/** A package whose submissions are looked at. */
export const models = (files: Files): TranslatedPackage =>
  translate('kattis', { 'problem.yaml': 'limits: {time_limit: 1}\n', ...tests('secret/1'), ...files });
