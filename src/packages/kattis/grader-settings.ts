import type { GroupVerdict } from '../../grading/grading-document.js';
import { PackageFault } from '../package-fault.js';
import { textOf } from '../read-yaml.js';
import type { Warn } from '../translated-package.js';
import type { KattisGroup } from './test-data.js';

/** What `testdata.yaml` says of how the results in a folder become one. */
export interface GraderSettings {
  readonly scoring: 'sum' | 'avg' | 'min' | 'max';
  readonly verdict: GroupVerdict;
  readonly acceptIfAny: boolean;
  readonly ignoresSample: boolean;
  readonly onReject: 'break' | 'continue';
  readonly acceptScore: number;
  readonly rejectScore: number;
  /** The upper end of `range`, which the folders around it hand down; null where there is none. */
  readonly most: number | null;
}

const SCORINGS = ['sum', 'avg', 'min', 'max'] as const;

const VERDICTS: Readonly<Record<string, GroupVerdict>> = {
  worst_error: 'worst-error',
  no_errors: 'worst-error',
  first_error: 'first-error',
  always_accept: 'always-accept',
};

const OTHER_FLAGS = ['ignore_sample', 'accept_if_any_accepted'];

/** @throws PackageFault for what no grading document can say */
export function graderSettings(group: KattisGroup, isScoring: boolean, warn: Warn): GraderSettings {
  const { configPath, config, ownConfig } = group;
  const at = `${configPath}#`;
  if (config['grading'] !== 'default') throw PackageFault.at(`${at}/grading`, "a grader of one's own cannot be run");
  const flags = textOf(config['grader_flags'])
    .split(/\s+/)
    .filter((flag) => flag !== '');
  for (const flag of ownConfig['grader_flags'] === undefined ? [] : flags) {
    if (SCORINGS.some((one) => one === flag) || Object.hasOwn(VERDICTS, flag) || OTHER_FLAGS.includes(flag)) continue;
    warn(`${at}/grader_flags`, `${flag} is not known: left out`);
  }
  const onReject = config['on_reject'];
  if (onReject !== 'break' && onReject !== 'continue') {
    throw PackageFault.at(`${at}/on_reject`, 'must be break or continue');
  }
  const verdictFlag = flags.findLast((flag) => Object.hasOwn(VERDICTS, flag)) ?? 'worst_error';
  return {
    scoring:
      SCORINGS.find((one) => one === flags.findLast((flag) => SCORINGS.some((known) => known === flag))) ?? 'sum',
    verdict: VERDICTS[verdictFlag] ?? 'worst-error',
    acceptIfAny: flags.includes('accept_if_any_accepted'),
    ignoresSample: flags.includes('ignore_sample'),
    onReject,
    acceptScore: isScoring ? scoreOf(config['accept_score'], `${at}/accept_score`) : 0,
    rejectScore: isScoring ? scoreOf(config['reject_score'], `${at}/reject_score`) : 0,
    most: mostOf(config['range']),
  };
}

function scoreOf(value: unknown, path: string): number {
  const score = Number(value);
  if (!Number.isFinite(score) || score < 0) {
    throw PackageFault.at(path, 'must be a number that is not negative: no points here are below 0');
  }
  return score;
}

function mostOf(range: unknown): number | null {
  const most = Number(textOf(range).trim().split(/\s+/)[1]);
  return Number.isFinite(most) && most >= 0 ? most : null;
}
