import { DEFAULT_RESULTS_PATHS } from './command-results/results-path.js';
import type {
  CheckerDefinition,
  CommandTest,
  GradingDocument,
  GradingFile,
  GradingLimits,
  GradingTest,
  ProgramExpectation,
  ProgramTest,
  TestGroup,
} from './grading-document.js';
import { settledGroup } from './group-tree.js';
import { httpLimits, normaliseHttpTest } from './http/normalise-http-test.js';
import { chainsOf, inherited, withInheritedSettings } from './inherited-settings.js';
import { normaliseLintTest } from './lint/normalise-lint-test.js';
import { CHECKER_LIMITS, DEFAULT_BUILD_TIME_MS, DEFAULT_LIMITS, NUMERIC_LIMITS, type LimitCeilings } from './limits.js';
import { normaliseMutationTest } from './mutation/normalise-mutation-test.js';
import { normaliseComparison } from './normalise-comparison.js';
import { normaliseUnitTest, unitTestLimits } from './normalise-unit-test.js';
import type {
  RawChecker,
  RawCommandTest,
  RawExpectation,
  RawGradingDocument,
  RawGradingFile,
  RawProgramTest,
  RawTest,
  RawTestGroup,
} from './raw-grading-document.js';
import { normaliseServices } from './services.js';
import { normaliseSqlTest } from './sql/normalise-sql-test.js';
import { toolLimits } from './tool-limits.js';

/** `written`, a document without faults, with every default filled in, none of them above its ceiling. */
export function normaliseGradingDocument(written: RawGradingDocument, ceilings: LimitCeilings): GradingDocument {
  const raw = withInheritedSettings(written);
  const limits = normaliseLimits(raw.limits ?? {}, ceilings);
  return {
    runtime: raw.runtime ?? null,
    runtimes: raw.runtimes ?? null,
    entrypoint: raw.entrypoint ?? null,
    requiredFiles: raw.requiredFiles ?? [],
    files: (raw.files ?? []).map(normaliseFile),
    services: normaliseServices(raw.services),
    build: normaliseBuild(raw.build ?? null, ceilings),
    limits,
    runner: raw.runner ?? 'auto',
    reuse: raw.reuse ?? 'submission',
    systemSitePackages: raw.systemSitePackages ?? false,
    stopOnFailure: raw.stopOnFailure ?? false,
    tests: raw.tests.map((test) => normaliseTest(test, raw, limits, ceilings)),
    groups: normaliseGroups(raw.groups ?? []),
    checkers: (raw.checkers ?? []).map((checker) => normaliseChecker(checker, ceilings)),
  };
}

function normaliseFile(file: RawGradingFile): GradingFile {
  return {
    path: file.path,
    content: file.content,
    encoding: file.encoding ?? 'utf8',
    hidden: file.hidden ?? false,
    executable: file.executable ?? false,
  };
}

function normaliseChecker(raw: RawChecker, ceilings: LimitCeilings): CheckerDefinition {
  return {
    name: raw.name,
    runtime: raw.runtime,
    entrypoint: raw.entrypoint ?? null,
    files: raw.files.map(normaliseFile),
    build: normaliseBuild(raw.build ?? null, ceilings),
    interactive: raw.interactive ?? false,
    limits: checkerLimits(raw.limits ?? {}, ceilings),
  };
}

/** The limits of a checker that names `named`: more than programs have, since a checker that fails helps nobody. */
export function checkerLimits(named: Partial<GradingLimits>, ceilings: LimitCeilings): GradingLimits {
  const limits = { ...CHECKER_LIMITS };
  for (const limit of NUMERIC_LIMITS) limits[limit] = named[limit] ?? Math.min(limits[limit], ceilings[limit]);
  return { ...limits, wallMs: named.wallMs ?? defaultWallMs(limits.timeMs, ceilings), network: 'none' };
}

/** Groups with their defaults; what they hand to their tests stands in those (`inherited-settings.ts`). */
function normaliseGroups(groups: readonly RawTestGroup[]): readonly TestGroup[] {
  const chains = chainsOf(groups);
  return groups.map((group) => {
    const chain = chains.get(group.name) ?? [];
    const onReject = inherited(chain, 'onReject');
    const rejectPoints = inherited(chain, 'rejectPoints');
    return settledGroup({
      ...group,
      tests: group.tests ?? [],
      ...(onReject === undefined ? {} : { onReject }),
      ...(rejectPoints === undefined ? {} : { rejectPoints }),
    });
  });
}

/** The limits of a document that names `named`. */
export function normaliseLimits(named: Partial<GradingLimits>, ceilings: LimitCeilings): GradingLimits {
  const limits = { ...DEFAULT_LIMITS };
  for (const limit of NUMERIC_LIMITS) limits[limit] = named[limit] ?? Math.min(limits[limit], ceilings[limit]);
  return {
    ...limits,
    wallMs: named.wallMs ?? defaultWallMs(limits.timeMs, ceilings),
    network: named.network ?? DEFAULT_LIMITS.network,
  };
}

/** The limits that a test replaces: those it names, and elapsed time enough for the CPU time that it asks for. */
export function normaliseTestLimits(
  named: Partial<GradingLimits>,
  document: GradingLimits,
  ceilings: LimitCeilings,
): Partial<GradingLimits> {
  if (named.timeMs === undefined || named.wallMs !== undefined) return named;
  const wallMs = defaultWallMs(named.timeMs, ceilings);
  return wallMs > document.wallMs ? { ...named, wallMs } : named;
}

function defaultWallMs(timeMs: number, ceilings: LimitCeilings): number {
  return Math.min(3 * timeMs, ceilings.wallMs);
}

function normaliseBuild(build: RawGradingDocument['build'], ceilings: LimitCeilings): GradingDocument['build'] {
  if (build === null || build === undefined) return null;
  const timeMs = build.timeMs ?? Math.min(DEFAULT_BUILD_TIME_MS, ceilings.buildTimeMs ?? DEFAULT_BUILD_TIME_MS);
  return { run: build.run, timeMs };
}

/** A test with its defaults, and what students see of it: both moments where they are said one by one, as `visibility` else. */
function normaliseTest(
  raw: RawTest,
  document: RawGradingDocument,
  limits: GradingLimits,
  ceilings: LimitCeilings,
): GradingTest {
  const { now = null, afterDue = null, hint = null } = raw.feedback ?? {};
  const test = normaliseKind(raw, document, limits, ceilings);
  return now === null || afterDue === null ? test : { ...test, feedback: { now, afterDue, hint } };
}

function normaliseKind(
  raw: RawTest,
  document: RawGradingDocument,
  limits: GradingLimits,
  ceilings: LimitCeilings,
): GradingTest {
  switch (raw.kind) {
    case 'program':
      return normaliseProgramTest(raw, limits, ceilings);
    case 'http':
      return normaliseHttpTest(
        raw,
        normaliseTestLimits(httpLimits(raw.limits ?? {}, document.limits ?? {}, ceilings), limits, ceilings),
      );
    case 'command':
      return normaliseCommandTest(raw, limits, ceilings);
    case 'unit': {
      const named = unitTestLimits(raw, document, ceilings);
      return normaliseUnitTest(raw, document, normaliseTestLimits(named, limits, ceilings));
    }
    case 'lint':
      return normaliseLintTest(raw, normaliseTestLimits(toolLimits(raw.limits ?? {}, ceilings), limits, ceilings));
    case 'sql':
      return normaliseSqlTest(raw, normaliseTestLimits(raw.limits ?? {}, limits, ceilings));
    case 'mutation':
      return normaliseMutationTest(raw, normaliseTestLimits(toolLimits(raw.limits ?? {}, ceilings), limits, ceilings));
  }
}

function normaliseCommandTest(raw: RawCommandTest, limits: GradingLimits, ceilings: LimitCeilings): CommandTest {
  const format = raw.format ?? 'exit-code';
  return {
    kind: raw.kind,
    name: raw.name,
    description: raw.description ?? null,
    points: raw.points,
    visibility: raw.visibility ?? 'visible',
    run: raw.run,
    args: raw.args ?? [],
    format,
    output: raw.output ?? DEFAULT_RESULTS_PATHS[format],
    expect: { exitCode: raw.expect?.exitCode ?? null },
    limits: normaliseTestLimits(raw.limits ?? {}, limits, ceilings),
    tamperProof: false,
  };
}

function normaliseProgramTest(raw: RawProgramTest, limits: GradingLimits, ceilings: LimitCeilings): ProgramTest {
  return {
    kind: raw.kind,
    name: raw.name,
    description: raw.description ?? null,
    points: raw.points,
    visibility: raw.visibility ?? 'visible',
    stdin: raw.stdin ?? '',
    args: raw.args ?? [],
    run: raw.run ?? null,
    expect: normaliseExpectation(raw.expect ?? {}),
    checker: raw.checker ?? null,
    checkerArgs: raw.checkerArgs ?? [],
    limits: normaliseTestLimits(raw.limits ?? {}, limits, ceilings),
  };
}

function normaliseExpectation(raw: RawExpectation): ProgramExpectation {
  return {
    stdout: raw.stdout ?? null,
    stderr: raw.stderr ?? null,
    ...normaliseComparison(raw),
    exitCode: raw.exitCode ?? null,
  };
}
