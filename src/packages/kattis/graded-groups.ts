import { roundedPoints, uniqueNames } from '../document-parts.js';
import { PackageFault } from '../package-fault.js';
import { textOf } from '../read-yaml.js';
import type { Warn } from '../translated-package.js';
import { type GraderSettings, graderSettings } from './grader-settings.js';
import { ALL_TESTS, allOrNothing, PASS_FAIL_POINTS, type PlannedGroup, type Scoring } from './scoring.js';
import { allTestsIn, groupsIn, type KattisData, type KattisGroup, testsIn, withDescendants } from './test-data.js';

export interface GradedProblem {
  readonly isScoring: boolean;
  /** Whether the output validator says how many points a test gives. */
  readonly givesScores: boolean;
}

/**
 * How a Kattis package until 2023-07-draft turns verdicts and scores into a verdict and points, said with the groups of a grading
 * document: a group for each folder, with the verdict, the points and the end of judging of Kattis's default grader. Source of
 * the rules: "Default grader specification" and "Test data groups" of the `legacy` format, and where they are silent
 * `Kattis/problemtools:problemtools/judge`.
 *
 * @throws PackageFault
 */
export function gradedGroups(data: KattisData, problem: GradedProblem, warn: Warn): Scoring {
  return new GraderTranslation(data, problem, warn).scoring();
}

/** What a folder becomes. */
interface Planned {
  readonly name: string;
  /** What it can give. */
  readonly most: number;
  /** What it gives when all its tests are passed. */
  readonly full: number;
}

/** What holds around a folder. */
interface Around {
  readonly onReject: GraderSettings['onReject'];
  /** Whether the problem may be accepted though something in the folder is not. */
  readonly isLenient: boolean;
}

class GraderTranslation {
  private readonly settings: Map<KattisGroup, GraderSettings>;
  private root: KattisGroup;
  /** Samples that must be passed and give nothing. */
  private withoutPoints: KattisGroup | null = null;
  private readonly rejectsWithPoints: boolean;
  private readonly nameOf: (name: string, path: string) => string;
  private readonly groups: PlannedGroup[] = [];
  private readonly testPoints = new Map<string, number>();

  constructor(
    data: KattisData,
    private readonly problem: GradedProblem,
    private readonly warn: Warn,
  ) {
    this.root = { ...data.root, members: data.sample === null ? [data.secret] : [data.sample, data.secret] };
    this.settings = new Map(
      withDescendants(this.root).map((group) => [group, graderSettings(group, problem.isScoring, warn)]),
    );
    this.rejectsWithPoints = [...this.settings.values()].some(({ rejectScore }) => rejectScore > 0);
    this.nameOf = uniqueNames(warn);
  }

  scoring(): Scoring {
    const simple = this.problem.isScoring ? null : this.simple();
    if (simple !== null) return simple;
    const outer: Partial<PlannedGroup> = this.problem.isScoring
      ? { onlyIfAccepted: true }
      : { points: PASS_FAIL_POINTS, scoring: 'all' };
    const { name } = this.plan(this.outermost(), { onReject: 'continue', isLenient: false });
    return {
      groups: this.groups.map((group) => (group.name === name ? { ...group, ...outer } : group)),
      testPoints: this.testPoints,
      stopOnFailure: false,
    };
  }

  /** Of a problem that is passed or failed, where all folders are treated alike; null where they are not. */
  private simple(): Scoring | null {
    const all = [...this.settings.values()];
    const [first] = all;
    if (first === undefined || first.ignoresSample) return null;
    const isAlike = all.every(
      ({ onReject, verdict, acceptIfAny }) =>
        onReject === first.onReject && verdict === first.verdict && verdict !== 'always-accept' && !acceptIfAny,
    );
    if (!isAlike) return null;
    const scoring = allOrNothing(allTestsIn(this.root).map(({ path }) => path));
    if (first.onReject === 'break') return scoring;
    const groups = scoring.groups.map((group) => ({ ...group, ...verdictOf(first) }));
    return { ...scoring, groups, stopOnFailure: false };
  }

  /** The folder that everything is in: that of the secret tests where no other decides. */
  private outermost(): KattisGroup {
    const settings = this.of(this.root);
    const [sample, secret] = groupsIn(this.root);
    if (sample === undefined) return this.root;
    if (secret === undefined) return this.only(sample, settings);
    if (!settings.ignoresSample) return this.root;
    if (settings.onReject === 'continue') {
      this.addIgnored(sample);
      return this.only(secret, settings);
    }
    if (settings.verdict === 'always-accept') {
      throw PackageFault.at(
        `${this.root.configPath}#/grader_flags`,
        'ignore_sample and always_accept have no counterpart where on_reject is break',
      );
    }
    // Samples give nothing, and secret tests are run only after them.
    this.withoutPoints = sample;
    this.settings.set(this.root, { ...settings, scoring: 'sum', acceptIfAny: false });
    return this.root;
  }

  /** What is around a single folder changes nothing, unless it accepts everything. */
  private only(folder: KattisGroup, settings: GraderSettings): KattisGroup {
    if (settings.verdict !== 'always-accept') return folder;
    const root: KattisGroup = { ...this.root, members: [folder] };
    this.settings.set(root, settings);
    this.root = root;
    return root;
  }

  /** Samples that are run and shown, and change nothing. */
  private addIgnored(sample: KattisGroup): void {
    const tests = allTestsIn(sample).map(({ path }) => path);
    this.groups.push({
      name: this.nameOf(sample.name, sample.path),
      points: 0,
      scoring: 'all',
      tests,
      ...(this.of(sample).onReject === 'break' ? { onReject: 'break' } : {}),
      counts: false,
    });
  }

  private plan(node: KattisGroup, around: Around): Planned {
    const settings = this.of(node);
    const name = this.nameOf(node === this.root ? ALL_TESTS : node.name, node.path);
    const index = this.groups.length;
    const onReject = settings.onReject === around.onReject ? {} : { onReject: settings.onReject };
    const placed = { name, ...onReject, ...verdictOf(settings) };
    const tests = testsIn(node).map(({ path }) => path);
    const scored = this.problem.isScoring ? this.scored(node, settings) : { points: 0, scoring: 'all' as const };
    // Before what is in it, so that a reader meets the folders in their order.
    this.groups.push({ ...placed, ...scored });
    const isLenient = around.isLenient || settings.acceptIfAny || settings.verdict === 'always-accept';
    const inner = groupsIn(node).map((group) => this.plan(group, { onReject: settings.onReject, isLenient }));
    const { most, full, range } = this.worth(node, settings, { own: scored.points, inner, isLenient });
    this.groups[index] = {
      ...placed,
      ...scored,
      ...(tests.length === 0 ? {} : { tests }),
      ...(inner.length === 0 ? {} : { groups: inner.map((one) => one.name) }),
      ...(range ? { range: { min: 0, max: most } } : {}),
    };
    this.checkRange(node, full);
    return { name, most, full };
  }

  /** How a folder of a scoring problem gives points, and those of its tests. */
  private scored(
    node: KattisGroup,
    settings: GraderSettings,
  ): Pick<PlannedGroup, 'points' | 'scoring' | 'rejectPoints'> {
    const { scoring, acceptScore, rejectScore } = settings;
    if (node === this.withoutPoints) return { points: 0, scoring: 'all' };
    if (isWhole(node, settings) && !this.problem.givesScores) {
      return { points: this.rounded(acceptScore, node), scoring: 'all' };
    }
    const tests = testsIn(node);
    if (tests.length === 0) return { points: null, scoring };
    const ofTest = this.rounded(this.pointsOfTest(node, settings), node);
    for (const test of tests) this.testPoints.set(test.path, ofTest);
    if (rejectScore > ofTest) {
      throw PackageFault.at(
        `${node.configPath}#/reject_score`,
        'is more than a passed test can give, which has no counterpart',
      );
    }
    return {
      points: null,
      scoring,
      // Said wherever any folder has some: it is handed down.
      ...(this.rejectsWithPoints ? { rejectPoints: this.rounded(rejectScore, node) } : {}),
    };
  }

  private pointsOfTest(node: KattisGroup, { acceptScore, most }: GraderSettings): number {
    if (!this.problem.givesScores) return acceptScore;
    if (most !== null) return most;
    throw PackageFault.at(
      `${node.configPath}#/range`,
      'is needed where the output validator gives scores: without an upper end nobody knows how many points can be had',
    );
  }

  private worth(
    node: KattisGroup,
    { scoring, onReject }: GraderSettings,
    {
      own,
      inner,
      isLenient,
    }: { readonly own: number | null; readonly inner: readonly Planned[]; readonly isLenient: boolean },
  ): { readonly most: number; readonly full: number; readonly range: boolean } {
    if (own !== null || !this.problem.isScoring) return { most: own ?? 0, full: own ?? 0, range: false };
    const ofTests = testsIn(node).map(({ path }) => this.testPoints.get(path) ?? 0);
    // What the validator gives for them is within the folder's `range`.
    if (this.problem.givesScores && inner.length === 0) {
      const most = Math.max(...ofTests);
      return { most, full: most, range: true };
    }
    const full = SUMS[scoring]([...ofTests, ...inner.map((one) => one.full)]);
    const each = [...ofTests, ...inner.map((one) => one.most)];
    // Those that were not run are in no minimum and no mean: what is left may give more than all would.
    const isOpen = isLenient && onReject === 'break' && (scoring === 'min' || scoring === 'avg');
    const most = isOpen ? Math.max(...each) : SUMS[scoring](each);
    return { most, full, range: most > SUMS[scoring](each) };
  }

  /** `range` only bounds what authors expect; where it is not what the tests add up to, somebody erred. */
  private checkRange({ ownConfig, configPath }: KattisGroup, most: number): void {
    if (!this.problem.isScoring || ownConfig['range'] === undefined) return;
    const said = textOf(ownConfig['range']).trim().split(/\s+/)[1];
    const bound = Number(said);
    if (!Number.isFinite(bound) || Math.abs(bound - most) <= 0.0005) return;
    const given = Math.round(most * 1000) / 1000;
    this.warn(`${configPath}#/range`, `says at most ${said} points, and the tests give ${given}`);
  }

  private rounded(points: number, { configPath }: KattisGroup): number {
    return roundedPoints(points, configPath, this.warn);
  }

  private of(group: KattisGroup): GraderSettings {
    const settings = this.settings.get(group);
    if (settings === undefined) throw new Error(`The folder ${group.path} has no settings.`);
    return settings;
  }
}

/** Whether a folder gives its points for all of its tests or none: said so, it is easier to read. */
function isWhole(node: KattisGroup, { scoring, verdict, acceptIfAny, rejectScore }: GraderSettings): boolean {
  const isPlain = verdict !== 'always-accept' && !acceptIfAny && rejectScore === 0;
  return scoring === 'min' && isPlain && groupsIn(node).length === 0;
}

/** What breaks off at the first failure has no other to choose from. */
function verdictOf({ verdict, acceptIfAny, onReject }: GraderSettings): Pick<PlannedGroup, 'verdict' | 'acceptIfAny'> {
  const isFirst = verdict === 'first-error' || (verdict === 'worst-error' && onReject === 'break');
  return { ...(isFirst ? {} : { verdict }), ...(acceptIfAny ? { acceptIfAny: true } : {}) };
}

const SUMS: Readonly<Record<GraderSettings['scoring'], (points: readonly number[]) => number>> = {
  sum: (points) => points.reduce((sum, one) => sum + one, 0),
  avg: (points) => points.reduce((sum, one) => sum + one, 0) / Math.max(points.length, 1),
  min: (points) => Math.min(...points),
  max: (points) => Math.max(...points),
};
