import { roundedPoints, uniqueNames } from '../document-parts.js';
import { PackageFault } from '../package-fault.js';
import { textOf } from '../read-yaml.js';
import type { Warn } from '../translated-package.js';
import { PASS_FAIL_POINTS, type PlannedGroup, type Scoring } from './scoring.js';
import { allTestsIn, groupsIn, type KattisData, type KattisGroup } from './test-data.js';

type Aggregation = 'pass-fail' | 'sum' | 'min';

const AGGREGATIONS: readonly Aggregation[] = ['pass-fail', 'sum', 'min'];

/**
 * The points of a scoring problem of version 2025-09 ("Result aggregation" there): folders of `data/secret` that have a
 * `test_group.yaml`, each all or nothing, a sum or a minimum, and samples that give nothing.
 *
 * @param hasValidator whether its own output validator may give part of the points of a test
 * @throws PackageFault
 */
export function scoredGroups(data: KattisData, hasValidator: boolean, warn: Warn): Scoring {
  return new GroupTranslation(data, hasValidator, warn).scoring();
}

class GroupTranslation {
  private readonly groups: PlannedGroup[] = [];
  private readonly testPoints = new Map<string, number>();
  private readonly nameOf: (name: string, path: string) => string;
  /** Names of groups by what `require_pass` calls them. */
  private readonly known = new Map<string, string>();

  constructor(
    private readonly data: KattisData,
    private readonly hasValidator: boolean,
    private readonly warn: Warn,
  ) {
    this.nameOf = uniqueNames(warn);
  }

  scoring(): Scoring {
    const { sample, secret } = this.data;
    if (sample !== null) {
      const name = this.nameOf('sample', sample.path);
      this.known.set('sample', name);
      this.groups.push({ name, points: 0, scoring: 'all', tests: pathsIn(sample) });
    }
    // Folders without a `test_group.yaml` only keep tests apart.
    const inner = groupsIn(secret).some(({ hasConfig }) => hasConfig) ? groupsIn(secret) : [];
    if (inner.length === 0) this.add(secret, aggregationOf(secret, 'sum'), maxScoreOf(secret, PASS_FAIL_POINTS));
    else this.nested(secret, inner);
    return { groups: this.groups, testPoints: this.testPoints, stopOnFailure: false };
  }

  /** Secret tests that are in groups. */
  private nested(secret: KattisGroup, inner: readonly KattisGroup[]): void {
    const aggregation = aggregationOf(secret, 'sum');
    const bound = maxScoreOf(secret, PASS_FAIL_POINTS);
    const most = inner.map((group) =>
      aggregation === 'pass-fail'
        ? this.add(group, 'pass-fail', 0)
        : this.add(group, aggregationOf(group, 'pass-fail'), maxScoreOf(group, null)),
    );
    const sum = most.reduce((total, one) => total + one, 0);
    const requires = this.requiredBy(secret);
    const names = inner.map((group) => this.known.get(keyOf(group)) ?? '');
    if (aggregation === 'sum') {
      if (sum > bound) this.warn(`${secret.configPath}#/max_score`, `is ${bound}, and its groups give ${sum}`);
      if (requires.length === 0) return;
    }
    const points = aggregation === 'pass-fail' ? bound : null;
    const scoring = aggregation === 'pass-fail' ? 'all' : aggregation;
    if (aggregation === 'min') this.refuseSkippedPart(secret, inner);
    this.groups.push({
      name: this.nameOf('secret', secret.path),
      points,
      scoring,
      groups: names,
      ...(requires.length === 0 ? {} : { requires }),
      // A group that was not run would be left out of the minimum, where it has to be 0.
      ...(aggregation === 'min' && inner.some(hasRequirement) ? { onlyIfAccepted: true } : {}),
    });
  }

  private refuseSkippedPart(secret: KattisGroup, inner: readonly KattisGroup[]): void {
    if (!inner.some(hasRequirement) || !inner.some((group) => aggregationOf(group, 'pass-fail') === 'sum')) return;
    throw PackageFault.at(
      `${secret.configPath}#/score_aggregation`,
      '"min" over groups that add up points and groups that require others has no counterpart',
    );
  }

  /** Adds a group of tests, and gives what it can give. */
  private add(group: KattisGroup, aggregation: Aggregation, most: number): number {
    const tests = pathsIn(group);
    const requires = this.requiredBy(group);
    const name = this.nameOf(group.name, group.path);
    this.known.set(keyOf(group), name);
    if (Number(group.config['static_validation_score'] ?? 0) !== 0) {
      throw PackageFault.at(
        `${group.configPath}#/static_validation_score`,
        'cannot be had: no static validator is run',
      );
    }
    const isWhole = aggregation === 'pass-fail' || (aggregation === 'min' && !this.hasValidator);
    if (!isWhole) {
      const ofTest =
        aggregation === 'min' ? most : roundedPoints(most / tests.length, group.configPath, () => undefined);
      for (const path of tests) this.testPoints.set(path, ofTest);
    }
    this.groups.push({
      name,
      points: aggregation === 'min' && !isWhole ? null : most,
      scoring: isWhole ? 'all' : aggregation,
      tests,
      ...(requires.length === 0 ? {} : { requires }),
    });
    return most;
  }

  /** Groups before this one without which it gives nothing; others are warnings. */
  private requiredBy(group: KattisGroup): string[] {
    const asked: unknown[] = [group.ownConfig['require_pass'] ?? []].flat();
    return asked.map(textOf).flatMap((name) => {
      const found = this.known.get(name) ?? this.known.get(`secret/${name}`);
      if (found !== undefined) return [found];
      this.warn(
        `${group.configPath}#/require_pass`,
        `names ${JSON.stringify(name)}, which comes later or is not there: left out`,
      );
      return [];
    });
  }
}

/** What `require_pass` calls it: the path below `data/`. */
function keyOf({ path }: KattisGroup): string {
  return path.slice('data/'.length);
}

function hasRequirement({ ownConfig }: KattisGroup): boolean {
  return ownConfig['require_pass'] !== undefined;
}

function pathsIn(group: KattisGroup): string[] {
  return allTestsIn(group).map(({ path }) => path);
}

function aggregationOf({ config, configPath }: KattisGroup, byDefault: Aggregation): Aggregation {
  const said = config['score_aggregation'] ?? byDefault;
  const known = AGGREGATIONS.find((one) => one === said);
  if (known !== undefined) return known;
  throw PackageFault.at(`${configPath}#/score_aggregation`, `must be ${AGGREGATIONS.join(', ')}`);
}

function maxScoreOf({ config, configPath }: KattisGroup, byDefault: number | null): number {
  const value = config['max_score'] ?? byDefault;
  const score = Number(value ?? Number.NaN);
  if (!Number.isInteger(score) || score < 0) {
    throw PackageFault.at(
      `${configPath}#/max_score`,
      'must be a whole number: points without a bound have no counterpart',
    );
  }
  return score;
}
