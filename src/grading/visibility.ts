import { changesWhenDue, partsShown, type VisibilityContext } from './feedback.js';
import type {
  FeedbackPart,
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
import type { Verdict } from './verdict.js';

/** `staff` is everyone who may grade in the course; whoever is not staff is a student. */
export type Viewer = 'staff' | 'student';

/** A test's result as a viewer may see it. `hidden`: something of it is kept from students at this moment. */
export type PresentedTestResult = Omit<
  TestResult,
  'visibility' | 'feedback' | 'staffMessage' | 'verdict' | 'points'
> & {
  /** Null, as are the points: not shown. */
  readonly verdict: Verdict | null;
  readonly points: number | null;
  readonly staffMessage: string | null;
  readonly hint: string | null;
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

/** What a result is whole with; a hint is more than that. */
const WHOLE: readonly FeedbackPart[] = ['name', 'score', 'output', 'message', 'expected'];

/**
 * `results`, in the order of their document, as `viewer` may see them: those that they may know of. Staff see everything, and
 * in `hidden` whether students do not. Students see the parts that `partsShown` names, all else is null; by `visibility` of a
 * hidden test name, kind, verdict and points.
 */
export function presentTestResults(
  results: readonly TestResult[],
  viewer: Viewer,
  context: VisibilityContext,
): PresentedTestResult[] {
  const listed: PresentedTestResult[] = [];
  for (const result of results) {
    const presented = presentTestResult(result, viewer, context, listed.length + 1);
    if (presented !== null) listed.push(presented);
  }
  return listed;
}

/**
 * One of them, or null when `viewer` may not know of it.
 *
 * @param number 1, 2, 3, … among those that they may know of: its name where they may not know that
 */
export function presentTestResult(
  result: TestResult,
  viewer: Viewer,
  context: VisibilityContext,
  number: number,
): PresentedTestResult | null {
  const parts = partsShown(result, context);
  const isStaff = viewer === 'staff';
  if (!isStaff && parts.size === 0) return null;
  const shows = (part: FeedbackPart): boolean => isStaff || parts.has(part);
  const output = shows('output');
  const quotes = shows('expected');
  // Each field is named: one that is added to TestResult stays hidden until someone decides.
  return {
    name: shows('name') ? result.name : numberedName(number),
    kind: result.kind,
    verdict: shows('score') ? result.verdict : null,
    points: shows('score') ? result.points : null,
    maxPoints: result.maxPoints,
    timeMs: output ? result.timeMs : null,
    wallMs: output ? result.wallMs : null,
    memoryKiB: output ? result.memoryKiB : null,
    exitCode: output ? result.exitCode : null,
    signal: output ? result.signal : null,
    message: shows('message') ? (quotes ? result.message : SAID_OF_VERDICT[result.verdict]) : null,
    stdout: output ? result.stdout : null,
    stderr: output ? result.stderr : null,
    expected: quotes ? result.expected : null,
    cases: shows('message') ? presentCases(result.cases, viewer, quotes) : null,
    staffMessage: isStaff ? (result.staffMessage ?? null) : null,
    hint: shows('hint') && result.verdict !== 'accepted' ? (result.feedback?.hint ?? null) : null,
    hidden: !WHOLE.every((part) => parts.has(part)),
  };
}

function numberedName(number: number): string {
  return `Test ${number}`;
}

/** In place of a message, which may quote what was expected. */
const SAID_OF_VERDICT: Readonly<Record<Verdict, string | null>> = {
  accepted: null,
  wrong_answer: 'Not as expected.',
  time_limit_exceeded: 'It took longer than it may.',
  memory_limit_exceeded: 'It used more memory than it may.',
  output_limit_exceeded: 'It wrote more than it may.',
  runtime_error: 'It did not end as it should.',
  compile_error: 'It could not be built.',
  skipped: 'It was not run.',
  judge_error: 'Assay could not judge it.',
};

/** What only staff see of cases is left out for students; where nothing is left, there are none to them. */
function presentCases(cases: TestResult['cases'], viewer: Viewer, quotes: boolean): TestResult['cases'] {
  if (cases === null) return null;
  const shown = cases.filter(({ hides }) => viewer === 'staff' || hides !== 'case');
  const presented = shown.map(({ hides, ...one }) =>
    viewer !== 'staff' && (hides === 'message' || !quotes) ? { ...one, message: null } : one,
  );
  return presented.length === 0 && cases.length > 0 ? null : presented;
}

/**
 * `document` as `viewer` may see it. Staff see all of it. For students, tests are cut or left out as
 * `partsShown` says, hidden files, checkers, and what a `sql` test compares with (its model and seeds) are left out,
 * and groups do not name secret tests; a group of secret tests
 * only is left out. What is said of the whole submission (build, limits, required files) is open to them.
 */
export function presentGradingDocument(
  document: GradingDocument,
  viewer: Viewer,
  context: VisibilityContext,
): PresentedGradingDocument {
  if (viewer === 'staff') return document;
  const names = namesShown(document, context);
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
    tests: document.tests.flatMap((test) => presentTest(test, names.get(test.name), context) ?? []),
    groups: withoutSecretTests(document, names),
    // They tell how to be accepted.
    checkers: [],
  };
}

/** By the name of each test that students may know of what it is called to them. */
function namesShown(document: GradingDocument, context: VisibilityContext): ReadonlyMap<string, string> {
  const names = new Map<string, string>();
  for (const test of document.tests) {
    const parts = partsShown(test, context);
    if (parts.size > 0) names.set(test.name, parts.has('name') ? test.name : numberedName(names.size + 1));
  }
  return names;
}

function presentTest(
  test: GradingTest,
  name: string | undefined,
  context: VisibilityContext,
): GradingTest | OpenHttpTest | HiddenGradingTest | null {
  if (name === undefined) return null;
  const { feedback } = test;
  if (partsShown(test, context).has('expected')) {
    const open = { ...withoutAnswers(test), name };
    // Students read it once they need it.
    return feedback === undefined || feedback === null ? open : { ...open, feedback: { ...feedback, hint: null } };
  }
  const opens = feedback?.afterDue.includes('expected') === true && changesWhenDue(test);
  const visibility = feedback === undefined || feedback === null ? test.visibility : opens ? 'after-due' : 'hidden';
  return { kind: test.kind, name, points: test.points, visibility, hidden: true };
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

function withoutSecretTests(document: GradingDocument, names: ReadonlyMap<string, string>): TestGroup[] {
  const { groups } = groupTree(document);
  const isListed = (name: string): boolean => {
    const positions = groups.get(name)?.positions ?? [];
    return positions.some((position) => names.has(document.tests[position]?.name ?? ''));
  };
  return document.groups
    .filter((group) => isListed(group.name))
    .map((group) => ({
      ...group,
      tests: group.tests.flatMap((name) => names.get(name) ?? []),
      ...(group.groups === undefined ? {} : { groups: group.groups.filter(isListed) }),
      ...(group.requires === undefined ? {} : { requires: group.requires.filter(isListed) }),
    }));
}
