import { describe, expect, it } from 'vitest';
import { groupTree } from '../../../src/grading/group-tree.js';
import { submissionVerdict } from '../../../src/grading/group-verdict.js';
import { scoreOf } from '../../../src/grading/score.js';
import { skipReason } from '../../../src/grading/skip-rule.js';
import type { Verdict } from '../../../src/grading/verdict.js';
import { programTests } from '../../support/program-tests.js';
import { filesOf, type Folder, type GraderResult, kattisResult } from './kattis-grader.js';
import { checked, translate } from './translated.js';

/** The same numbers from 0 to 1 for the same seed. */
function randomNumbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    // The low digits of such a sequence repeat early.
    return (state >>> 8) / 2 ** 24;
  };
}

class RandomPackages {
  constructor(private readonly random: () => number) {}

  one<Item>(...items: readonly [Item, ...Item[]]): Item {
    return items[Math.floor(this.random() * items.length)] ?? items[0];
  }

  isTrue(chance: number): boolean {
    return this.random() < chance;
  }

  root(isScoring: boolean): Folder {
    const hasSample = this.isTrue(0.8);
    const ignores = this.isTrue(0.5);
    const settings: Record<string, string | number> = {};
    const flags = this.flags();
    // With the default, `break`, that combination is refused.
    const mustContinue = hasSample && ignores && flags.includes('always_accept');
    if (mustContinue || this.isTrue(0.7)) {
      settings['on_reject'] = mustContinue ? 'continue' : this.one('break', 'continue');
    }
    settings['grader_flags'] = [ignores ? 'ignore_sample' : '', flags].join(' ').trim();
    const sample = { ...this.folder('sample', 2, isScoring), folders: [], tests: ['1', '2'] };
    // Without flags of its own it would inherit `ignore_sample`, which the format allows for the root only.
    const secret = this.folder('secret', 0, isScoring);
    const named = [sample, secret].map((folder) => ({
      ...folder,
      settings: { grader_flags: this.flags(), ...folder.settings },
    }));
    return { name: 'data', settings, tests: [], folders: hasSample ? named : named.slice(1) };
  }

  verdict(): Verdict {
    if (this.isTrue(0.6)) return 'accepted';
    return this.one('wrong_answer', 'time_limit_exceeded', 'runtime_error');
  }

  private folder(name: string, depth: number, isScoring: boolean): Folder {
    const settings: Record<string, string | number> = {};
    if (this.isTrue(0.5)) settings['on_reject'] = this.one('break', 'continue');
    if (this.isTrue(0.7)) settings['grader_flags'] = this.flags();
    if (isScoring && this.isTrue(0.7)) settings['accept_score'] = this.one(1, 1.5, 10, 12.5, 40);
    // At most what a passed test gives anywhere.
    if (isScoring && this.isTrue(0.2)) settings['reject_score'] = this.one(0, 0.5, 1);
    const folders = ['b', 'd', 'f'].filter(() => depth < 2 && this.isTrue(0.5));
    const tests = ['a', 'c', 'e', 'g'].filter(() => this.isTrue(0.5));
    return {
      name,
      settings,
      tests: tests.length === 0 && folders.length === 0 ? ['a'] : tests,
      folders: folders.map((inner) => this.folder(inner, depth + 1, isScoring)),
    };
  }

  private flags(): string {
    const score = this.one('', 'sum', 'avg', 'min', 'min', 'max');
    const verdict = this.one('', '', 'worst_error', 'first_error', 'first_error', 'always_accept');
    return [score, verdict, this.isTrue(0.3) ? 'accept_if_any_accepted' : ''].filter((flag) => flag !== '').join(' ');
  }
}

/** What Assay makes of the same verdicts, going through the tests as a worker does. */
function assayResult(root: Folder, isScoring: boolean, verdictOf: (path: string) => Verdict): GraderResult {
  const problem = `name: Drawn\ntype: ${isScoring ? 'scoring' : 'pass-fail'}\nlimits: {time_limit: 1}\n`;
  const document = checked(
    translate('kattis', { 'problem.yaml': problem, ...filesOf(root) }, { runtimes: ['python'] }),
  );
  const tree = groupTree(document);
  const verdicts = new Map<number, Verdict>();
  const results = programTests(document).map(({ name, points, stdin }, position) => {
    const isSkipped = skipReason(document, tree, position, verdicts) !== null;
    const verdict = isSkipped ? 'skipped' : verdictOf(stdin);
    verdicts.set(position, verdict);
    return { name, verdict, points: verdict === 'accepted' ? points : 0 };
  });
  return { verdict: submissionVerdict(tree, verdicts), score: scoreOf(document, results).score };
}

/** Hundreds of documents are checked, also on a busy machine. */
const TIME = { timeout: 60_000 };

describe('the grading of a Kattis package', () => {
  it.each([true, false])('is that of Kattis for whatever folders and verdicts (scoring: %s)', TIME, (isScoring) => {
    const drawn = new RandomPackages(randomNumbers(isScoring ? 5 : 8));
    for (let round = 0; round < 40; round += 1) {
      const root = drawn.root(isScoring);
      for (let trial = 0; trial < 4; trial += 1) {
        const verdicts = new Map<string, Verdict>();
        const verdictOf = (path: string): Verdict => {
          const verdict = verdicts.get(path) ?? drawn.verdict();
          verdicts.set(path, verdict);
          return verdict;
        };
        const wanted = kattisResult(root, verdictOf);
        const actual = assayResult(root, isScoring, verdictOf);
        const full = isScoring ? wanted.score : 100;
        const message = JSON.stringify({ root, verdicts: [...verdicts], wanted, actual });
        expect(actual.verdict, message).toBe(wanted.verdict);
        // Kattis rounds nothing on the way; here each folder rounds to a thousandth.
        expect(Math.abs(actual.score - (wanted.verdict === 'accepted' ? full : 0)), message).toBeLessThan(0.01);
      }
    }
  });
});
