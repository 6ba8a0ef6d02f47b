import type {
  GradingDocument,
  GradingFile,
  GradingTest,
  HttpLatency,
  HttpTest,
  TestGroup,
  TestKind,
  Visibility,
} from './grading-document.js';
import { groupTree } from './group-tree.js';
import { presentServices } from './services.js';
import type { TestResult } from './test-result.js';

/** `staff` is everyone who may grade in the course; whoever is not staff is a student. */
export type Viewer = 'staff' | 'student';

/** When something is looked at, and the `dueAt` of its assignment. */
export interface VisibilityContext {
  readonly now: Date;
  readonly dueAt: Date | null;
}

/** A test's result as a viewer may see it. `hidden`: its details are kept from students at this moment. */
export type PresentedTestResult = Omit<TestResult, 'visibility' | 'staffMessage'> & {
  readonly staffMessage: string | null;
  readonly hidden: boolean;
};

/** What students see of a test whose details are hidden. */
export interface HiddenGradingTest {
  readonly kind: TestKind;
  readonly name: string;
  readonly points: number;
  readonly visibility: Visibility;
  readonly hidden: true;
}

/** A grading document as a viewer may see it; for students it is shorter, and no longer a document that can be sent back. */
export type PresentedGradingDocument = Omit<GradingDocument, 'tests'> & {
  readonly tests: readonly (GradingTest | OpenHttpTest | HiddenGradingTest)[];
};

/** An `http` test that students see whole, but for the reference solution that it may hold. */
type OpenHttpTest = Omit<HttpTest, 'latency'> & { readonly latency: Omit<HttpLatency, 'reference'> | null };

/** How much of a test students see at the moment. */
export type Disclosure = 'whole' | 'name-only' | 'nothing';

/**
 * How much students see of a test with `visibility`. `after-due` is `name-only` before `dueAt` and `whole` from that
 * instant on; without a `dueAt` the moment never comes and it stays `name-only`.
 */
export function disclosureToStudents(visibility: Visibility, { now, dueAt }: VisibilityContext): Disclosure {
  if (visibility !== 'after-due') return FIXED_DISCLOSURE[visibility];
  return dueAt !== null && now.getTime() >= dueAt.getTime() ? 'whole' : 'name-only';
}

const FIXED_DISCLOSURE: Readonly<Record<Exclude<Visibility, 'after-due'>, Disclosure>> = {
  visible: 'whole',
  hidden: 'name-only',
  secret: 'nothing',
};

/**
 * `result` as `viewer` may see it, or null when they may not know of it. Staff see everything, and in `hidden` whether
 * students do not. Students get of a hidden test name, kind, verdict and points; all else is null.
 */
export function presentTestResult(
  result: TestResult,
  viewer: Viewer,
  context: VisibilityContext,
): PresentedTestResult | null {
  const disclosure = disclosureToStudents(result.visibility, context);
  if (viewer !== 'staff' && disclosure === 'nothing') return null;
  const open = viewer === 'staff' || disclosure === 'whole';
  // Each field is named: one that is added to TestResult stays hidden until someone decides.
  return {
    name: result.name,
    kind: result.kind,
    verdict: result.verdict,
    points: result.points,
    maxPoints: result.maxPoints,
    timeMs: open ? result.timeMs : null,
    wallMs: open ? result.wallMs : null,
    memoryKiB: open ? result.memoryKiB : null,
    exitCode: open ? result.exitCode : null,
    signal: open ? result.signal : null,
    message: open ? result.message : null,
    stdout: open ? result.stdout : null,
    stderr: open ? result.stderr : null,
    expected: open ? result.expected : null,
    cases: open ? presentCases(result.cases, viewer) : null,
    staffMessage: viewer === 'staff' ? (result.staffMessage ?? null) : null,
    hidden: disclosure !== 'whole',
  };
}

/** What only staff see of cases is left out for students; where nothing is left, there are none to them. */
function presentCases(cases: TestResult['cases'], viewer: Viewer): TestResult['cases'] {
  if (cases === null) return null;
  const shown = cases.filter(({ hides }) => viewer === 'staff' || hides !== 'case');
  const presented = shown.map(({ hides, ...one }) =>
    viewer !== 'staff' && hides === 'message' ? { ...one, message: null } : one,
  );
  return presented.length === 0 && cases.length > 0 ? null : presented;
}

/**
 * `document` as `viewer` may see it. Staff see all of it. For students, tests are cut or left out as
 * `disclosureToStudents` says, hidden files, checkers, and what a `sql` test compares with (its model and seeds) are left out,
 * and groups do not name secret tests; a group of secret tests
 * only is left out. What is said of the whole submission (build, limits, required files) is open to them.
 */
export function presentGradingDocument(
  document: GradingDocument,
  viewer: Viewer,
  context: VisibilityContext,
): PresentedGradingDocument {
  if (viewer === 'staff') return document;
  return {
    runtime: document.runtime,
    runtimes: document.runtimes,
    entrypoint: document.entrypoint,
    requiredFiles: document.requiredFiles,
    files: document.files.filter((file: GradingFile) => !file.hidden),
    services: presentServices(document),
    build: document.build,
    limits: document.limits,
    runner: document.runner,
    reuse: document.reuse,
    systemSitePackages: document.systemSitePackages,
    stopOnFailure: document.stopOnFailure,
    tests: document.tests.flatMap((test) => presentTest(test, context) ?? []),
    groups: withoutSecretTests(document, context),
    // They tell how to be accepted.
    checkers: [],
  };
}

function presentTest(
  test: GradingTest,
  context: VisibilityContext,
): GradingTest | OpenHttpTest | HiddenGradingTest | null {
  const disclosure = disclosureToStudents(test.visibility, context);
  if (disclosure === 'nothing') return null;
  if (disclosure === 'whole') return withoutAnswers(test);
  return { kind: test.kind, name: test.name, points: test.points, visibility: test.visibility, hidden: true };
}

/** What a test compares with is not for students, however open it is. */
function withoutAnswers(test: GradingTest): GradingTest | OpenHttpTest {
  if (test.kind === 'http') return withoutReference(test);
  if (test.kind === 'mutation') return { ...test, mutants: [], exclude: [] };
  return test.kind === 'sql' ? { ...test, model: null, seeds: [] } : test;
}

/** A solution is nobody's to see, however open the test is. */
function withoutReference(test: HttpTest): OpenHttpTest {
  if (test.latency === null) return { ...test, latency: null };
  const { reference: _reference, ...latency } = test.latency;
  return { ...test, latency };
}

function withoutSecretTests(document: GradingDocument, context: VisibilityContext): TestGroup[] {
  const { groups } = groupTree(document);
  const listedTests = new Set(
    document.tests
      .filter((test) => disclosureToStudents(test.visibility, context) !== 'nothing')
      .map((test) => test.name),
  );
  const isListed = (name: string): boolean => {
    const positions = groups.get(name)?.positions ?? [];
    return positions.some((position) => listedTests.has(document.tests[position]?.name ?? ''));
  };
  return document.groups
    .filter((group) => isListed(group.name))
    .map((group) => ({
      ...group,
      tests: group.tests.filter((name) => listedTests.has(name)),
      ...(group.groups === undefined ? {} : { groups: group.groups.filter(isListed) }),
      ...(group.requires === undefined ? {} : { requires: group.requires.filter(isListed) }),
    }));
}
