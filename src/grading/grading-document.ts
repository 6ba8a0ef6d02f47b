import type { CompareOptions, FloatTolerance } from './compare-options.js';
import type { HttpReadiness, HttpRequest, HttpStep } from './http/http-test.js';
import type { SqlPlanExpectation } from './sql/plan-facts.js';
import type { SqlSchemaExpectation } from './sql/schema-expectation.js';
import type { SqlEngineName } from './sql/sql-engine-name.js';
import type { SqlLiteral, SqlValueType } from './sql/sql-value.js';

/**
 * Who sees a test's details: `visible` everyone; `hidden` students see name, kind, verdict and points; `secret` students
 * do not see it at all, though it counts; `after-due` like `hidden` until the assignment's `dueAt`, then like `visible`.
 */
export const VISIBILITIES = ['visible', 'hidden', 'secret', 'after-due'] as const;
export type Visibility = (typeof VISIBILITIES)[number];

/** The parts of a result that `feedback` shows one by one; `feedback.ts` says what the words of `visibility` stand for. */
export const FEEDBACK_PARTS = ['name', 'score', 'output', 'message', 'expected', 'hint'] as const;
export type FeedbackPart = (typeof FEEDBACK_PARTS)[number];

/** What students see of a test and of its result. */
export interface Feedback {
  readonly now: readonly FeedbackPart[];
  /** From the `dueAt` of the assignment on. */
  readonly afterDue: readonly FeedbackPart[];
  /** Shown where the test is not accepted. */
  readonly hint: string | null;
}

/** How the members of a group become its points; `score.ts` says what each means. */
export const GROUP_SCORINGS = ['all', 'sum', 'min', 'avg', 'max'] as const;
export type GroupScoring = (typeof GROUP_SCORINGS)[number];

/** What becomes of the rest of a group when one of its members is not accepted. */
export const REJECT_POLICIES = ['continue', 'break'] as const;
export type RejectPolicy = (typeof REJECT_POLICIES)[number];

/** How the verdicts of the members of a group become its own; `group-verdict.ts` says what each means. */
export const GROUP_VERDICTS = ['first-error', 'worst-error', 'always-accept'] as const;
export type GroupVerdict = (typeof GROUP_VERDICTS)[number];

/** What one run of a submission may use. Everything is denied beyond it. */
export interface GradingLimits {
  /** CPU time of all processes together, in milliseconds. */
  readonly timeMs: number;
  /** Elapsed time, in milliseconds. */
  readonly wallMs: number;
  /** Memory of all processes together, in MiB. */
  readonly memoryMiB: number;
  /** Processes and threads at a time. */
  readonly processes: number;
  /** Bytes kept of each output stream, in KiB. */
  readonly outputKiB: number;
  /** What the working folder may hold, in MiB. */
  readonly diskMiB: number;
  /** `none`, or `loopback`: only the program's own machine-local network. */
  readonly network: 'none' | 'loopback';
}

/** A file laid beside each submission, over it where names clash. */
export interface GradingFile {
  /** Relative path without faults (`relative-path.ts`). */
  readonly path: string;
  /** Text, or base64 (RFC 4648, section 4) where `encoding` says so. */
  readonly content: string;
  readonly encoding: 'utf8' | 'base64';
  /** True: never shown to students. The programs of students can read it all the same. */
  readonly hidden: boolean;
  readonly executable: boolean;
}

/** Services that a document may ask for. The sandbox has the same list (a test compares them), and says which are installed. */
export const SERVICE_NAMES = ['redis', 'mysql', 'postgres', 'mongodb', 'couchdb'] as const;
export type ServiceName = (typeof SERVICE_NAMES)[number];

/** A server that runs beside each submission while it is graded: an instance of its own, gone with the grading run. */
export interface GradingService {
  readonly name: ServiceName;
  /** Paths of `files` that it is filled with, in this order, before anything of the submission runs. */
  readonly seed: readonly string[];
}

/** What is run once for each submission before its tests. */
export interface GradingBuild {
  /** `/bin/sh -c` inside the sandbox. */
  readonly run: string;
  /** CPU time, in milliseconds. */
  readonly timeMs: number;
}

/** What a program must have done. A null expectation is not checked. */
export interface ProgramExpectation extends CompareOptions {
  readonly stdout: string | null;
  readonly stderr: string | null;
  /** Exit status 0–255; null: 0 is expected, and another is a runtime error rather than a wrong answer. */
  readonly exitCode: number | null;
}

/** Runs the submission once and compares what it wrote. */
export interface ProgramTest {
  readonly kind: 'program';
  /** Unique in the document. */
  readonly name: string;
  /** For readers; shown where the test is visible. */
  readonly description: string | null;
  /** At least 0, at most three decimals. */
  readonly points: number;
  readonly visibility: Visibility;
  /** Null, or left out: what `visibility` says. */
  readonly feedback?: Feedback | null;
  readonly stdin: string;
  readonly args: readonly string[];
  /** `/bin/sh -c` inside the sandbox; null: the entrypoint is run. Arguments reach it as `"$@"`. */
  readonly run: string | null;
  readonly expect: ProgramExpectation;
  /** Name of the checker of the document that judges standard output; null, or left out: `expect` does. */
  readonly checker?: string | null;
  /** Passed to the checker after its three files. */
  readonly checkerArgs?: readonly string[];
  /** Replaces single limits of the document for this test; `limits.ts` merges. */
  readonly limits: Partial<GradingLimits>;
}

/** How fast the service must be, compared with another one that is run beside it. */
export interface HttpLatency {
  /** Its median may be at most so many times that of the reference. */
  readonly ratio: number;
  /** Differences of medians up to this count as none, in milliseconds. */
  readonly floorMs: number;
  /** Of each of the two. */
  readonly requests: number;
  readonly request: HttpRequest;
  readonly reference: {
    readonly start: string;
    readonly files: readonly GradingFile[];
  };
}

/** Starts the submission as a service, sends it requests, and judges the answers outside the sandbox. */
export interface HttpTest {
  readonly kind: 'http';
  /** Unique in the document. */
  readonly name: string;
  readonly description: string | null;
  /** At least 0, at most three decimals. Where steps have points, their sum. */
  readonly points: number;
  readonly visibility: Visibility;
  /** Null, or left out: what `visibility` says. */
  readonly feedback?: Feedback | null;
  /** `/bin/sh -c` inside the sandbox. */
  readonly start: string;
  readonly port: number;
  readonly environment: Readonly<Record<string, string>>;
  readonly ready: HttpReadiness;
  readonly steps: readonly HttpStep[];
  readonly latency: HttpLatency | null;
  readonly limits: Partial<GradingLimits>;
}

/** What a `command` test leaves for Assay to judge; `judge-command.ts` says what each means. */
export const COMMAND_FORMATS = ['exit-code', 'gradescope', 'junit-xml', 'tap'] as const;
export type CommandFormat = (typeof COMMAND_FORMATS)[number];

/** Runs a command of the instructor beside the submission, and believes what it says of it. */
export interface CommandTest {
  readonly kind: 'command';
  /** Unique in the document. */
  readonly name: string;
  readonly description: string | null;
  /** At least 0, at most three decimals. What the command reports is scaled to them. */
  readonly points: number;
  readonly visibility: Visibility;
  /** Null, or left out: what `visibility` says. */
  readonly feedback?: Feedback | null;
  /** `/bin/sh -c` inside the sandbox. Arguments reach it as `"$@"`. */
  readonly run: string;
  readonly args: readonly string[];
  readonly format: CommandFormat;
  /**
   * Where the results lie, relative to the submission; with `junit-xml` its last names may hold `*`, `?` and `[…]`. Null:
   * `exit-code` has none, the others are read from standard output.
   */
  readonly output: string | null;
  /** `exitCode` null: with `exit-code` 0 is expected, with the other formats any will do. */
  readonly expect: { readonly exitCode: number | null };
  readonly limits: Partial<GradingLimits>;
  /** Code of students runs beside what judges it, and could speak for it. */
  readonly tamperProof: false;
}

/** What a `lint` test looks with; `lint/lint-tools.ts` says what each checks. */
export const LINT_TOOLS = ['pycodestyle', 'docstrings', 'eslint', 'shellcheck', 'dockerfile', 'files'] as const;
export type LintTool = (typeof LINT_TOOLS)[number];

/** The dialects that `shellcheck` knows. */
export const SHELL_DIALECTS = ['sh', 'bash', 'dash', 'ksh'] as const;
export type ShellDialect = (typeof SHELL_DIALECTS)[number];

/** What findings of some rules cost. */
export interface LintDeduction {
  /** A pattern of rules (`lint/rule-pattern.ts`). */
  readonly match: string;
  /** Taken off for each finding; at least 0, at most three decimals. */
  readonly points: number;
  /** The most that is taken off for all of them together; null: no bound of their own. */
  readonly max: number | null;
}

/** What the tool `files` asks of the submission; each holds patterns of paths (`lint/path-pattern.ts`). */
export interface LintFileRules {
  /** There is a file for each pattern. */
  readonly required: readonly string[];
  readonly forbidden: readonly string[];
  /** Such files begin with `#!` and an absolute path. */
  readonly shebang: readonly string[];
  readonly executable: readonly string[];
  /** Such files end with a line feed, and are not empty. */
  readonly finalNewline: readonly string[];
}

/** Looks at the files as they were handed in, and runs none of them. */
export interface LintTest {
  readonly kind: 'lint';
  /** Unique in the document. */
  readonly name: string;
  readonly description: string | null;
  /** At least 0, at most three decimals. */
  readonly points: number;
  readonly visibility: Visibility;
  /** Null, or left out: what `visibility` says. */
  readonly feedback?: Feedback | null;
  readonly tool: LintTool;
  /** Patterns of the files that are checked; none with `files`. */
  readonly paths: readonly string[];
  /** Patterns of files that are not, though `paths` name them. */
  readonly exclude: readonly string[];
  /** Patterns of the rules whose findings count, without those that `ignore` names. */
  readonly select: readonly string[];
  readonly ignore: readonly string[];
  /** True: comments of students may switch rules off (`# noqa` and the like). */
  readonly inlineDisable: boolean;
  /** Characters that a line of Python may have; null with other tools than `pycodestyle`. */
  readonly maxLineLength: number | null;
  /** Null: as the first line or the name of each script says. */
  readonly shell: ShellDialect | null;
  /** Path of the file of the document that configures `eslint`; null: what `lint/lint-tools.ts` says. */
  readonly config: string | null;
  /** Rules of `eslint` by name, over those of its configuration. */
  readonly rules: Readonly<Record<string, string | number | readonly object[]>> | null;
  /** Not null with `files` only. */
  readonly files: LintFileRules | null;
  /** The first that matches a rule decides; empty: any finding costs all points. */
  readonly deductions: readonly LintDeduction[];
  /** What a submission keeps that could be checked, whatever was found. */
  readonly floor: number;
  readonly limits: Partial<GradingLimits>;
}

/** Runs the submission's SQL on a database that is made for this test, and compares what comes out, outside the sandbox. */
export interface SqlTest {
  readonly kind: 'sql';
  /** Unique in the document. */
  readonly name: string;
  readonly description: string | null;
  /** At least 0, at most three decimals; all of them or none. */
  readonly points: number;
  readonly visibility: Visibility;
  /** Null, or left out: what `visibility` says. */
  readonly feedback?: Feedback | null;
  readonly engine: SqlEngineName;
  /** Paths of files of the document, run in their order to make the database. */
  readonly setup: readonly string[];
  /** Path of a file of the submission. */
  readonly run: string;
  /** One statement that reads what the script left; null: a result of the script itself is compared. */
  readonly query: string | null;
  /** Which result of the script is compared, from 1; null: the last. */
  readonly resultSet: number | null;
  readonly expect: SqlExpectation;
  /** Path of a file of the document that never enters a sandbox with the submission: a script that is right. */
  readonly model: string | null;
  /** Databases to try one after the other; empty: one, made by `setup` alone. */
  readonly seeds: readonly SqlSeed[];
  readonly schema: SqlSchemaExpectation | null;
  readonly plan: SqlPlanExpectation | null;
  readonly limits: Partial<GradingLimits>;
}

/** What the result must be. A null expectation is not checked. */
export interface SqlExpectation {
  readonly rows: readonly (readonly SqlLiteral[])[] | null;
  readonly ordered: boolean;
  readonly columns: readonly string[] | null;
  /** Whether the names of columns count: those of `columns`, or else of the model. */
  readonly checkNames: boolean;
  readonly types: readonly SqlValueType[] | null;
  /** With a model: whether equal values must be of one type as well. */
  readonly checkTypes: boolean;
  readonly floatTolerance: FloatTolerance | null;
}

/** One database of several. */
export interface SqlSeed {
  readonly name: string;
  /** Run after the setup of the test. */
  readonly setup: readonly string[];
  /** True: messages may quote its data. */
  readonly visible: boolean;
}

/** Frameworks that run in the process of the submission, started by Assay. */
export const IN_PROCESS_FRAMEWORKS = ['pytest', 'unittest', 'node-test', 'mocha', 'jest', 'vitest', 'junit'] as const;
export type InProcessFramework = (typeof IN_PROCESS_FRAMEWORKS)[number];
/** Formats of frameworks that a command of the instructor runs. */
export const REPORT_FORMATS = ['junit-xml', 'tap'] as const;
export type ReportFormat = (typeof REPORT_FORMATS)[number];

/** Which cases there have to be. Names may be the last parts of a case's name (`unit/case-matches.ts`). */
export interface ExpectedCases {
  readonly names: readonly string[];
  /** How many cases count; null: as many as there are. */
  readonly count: number | null;
}

interface UnitTestBase {
  readonly kind: 'unit';
  /** Unique in the document. */
  readonly name: string;
  readonly description: string | null;
  /** At least 0, at most three decimals; its cases share them. */
  readonly points: number;
  readonly visibility: Visibility;
  /** Null, or left out: what `visibility` says. */
  readonly feedback?: Feedback | null;
  readonly limits: Partial<GradingLimits>;
}

interface UnitCaseRules {
  /** Points by name, which add up to those of the test; null: all cases weigh the same. */
  readonly perCase: Readonly<Record<string, number>> | null;
  /** Null: those that can be found in the tests of the document before the submission runs. */
  readonly expectedCases: ExpectedCases | null;
}

/** Runs a framework over test files, in the process of the submission. */
export interface FrameworkUnitTest extends UnitTestBase, UnitCaseRules {
  readonly framework: InProcessFramework;
  /** Relative paths, at least one. */
  readonly testFiles: readonly string[];
  /** Whose they are; a document's replace those that a submission brings. */
  readonly testsFrom: 'document' | 'submission';
  readonly isolated: false;
  readonly tamperProof: false;
}

/** Runs a command that leaves JUnit XML or TAP. */
export interface ReportedUnitTest extends UnitTestBase, UnitCaseRules {
  readonly framework: ReportFormat;
  /** `/bin/sh -c` inside the sandbox. Arguments reach it as `"$@"`. */
  readonly run: string;
  readonly args: readonly string[];
  /** Where the results lie, as for a `command` test; null: standard output. */
  readonly output: string | null;
  readonly isolated: false;
  readonly tamperProof: false;
}

/** What a step of a call must come to. */
export interface CallExpectation {
  /** What it returns (`unit/unit-values.ts`); left out: anything. */
  readonly value?: unknown;
  /** That it raises an exception: of this class or one below it, with this text in its message; null: any. */
  readonly raises: { readonly type: string | null; readonly message: string | null } | null;
  /** What the whole process of the call writes, compared as `trimmed`; of the last step only. */
  readonly stdout: string | null;
  /** What its arguments are afterwards. */
  readonly args: readonly unknown[] | null;
  readonly floatTolerance: FloatTolerance | null;
}

/** One thing that a call does; exactly one of `call`, `new` and `get` is not null. */
export interface UnitStep {
  /** A function of the module (`mean`, `Stack.of`), or a method of what a step before named (`stack.push`). */
  readonly call: string | null;
  /** A class of the module, of which an object is made. */
  readonly new: string | null;
  /** An attribute or property that is read. */
  readonly get: string | null;
  readonly args: readonly unknown[];
  /** Keyword arguments, in Python. */
  readonly kwargs: Readonly<Record<string, unknown>>;
  /** What later steps of the call say for what it gave. */
  readonly as: string | null;
  readonly expect: CallExpectation;
}

/** One case of an isolated test: steps in one process, one after the other. */
export interface UnitCall {
  /** Unique in the test. */
  readonly name: string;
  /** Null, in all calls of a test or in none: they share its points. */
  readonly points: number | null;
  readonly stdin: string;
  readonly steps: readonly UnitStep[];
}

/** Calls functions of the submission in a process of its own, and compares outside of it. */
export interface IsolatedUnitTest extends UnitTestBase {
  readonly isolated: true;
  /** The file that is loaded; null: the entrypoint. */
  readonly module: string | null;
  readonly calls: readonly UnitCall[];
  /** False: calls follow one another in one process, and a new one only after it has ended. */
  readonly freshProcess: boolean;
  readonly tamperProof: true;
}

export type UnitTest = FrameworkUnitTest | ReportedUnitTest | IsolatedUnitTest;

/** What runs a test suite of students; `mutation/suite-command.ts` says how. */
export const MUTATION_FRAMEWORKS = ['pytest', 'unittest', 'node-test', 'mocha', 'jest', 'vitest'] as const;
export type MutationFramework = (typeof MUTATION_FRAMEWORKS)[number];

/** What those who see the test are told of mutants: nothing, how many were found, which, or how they differ as well. */
export const MUTANT_DISCLOSURES = ['none', 'count', 'names', 'diffs'] as const;
export type MutantDisclosure = (typeof MUTANT_DISCLOSURES)[number];

/** The reference solution with a fault in it, by the instructor's hand. */
export interface HandWrittenMutant {
  /** Unique in the test. */
  readonly id: string;
  readonly description: string | null;
  /** Whole files in place of those of the reference. */
  readonly files: readonly { readonly path: string; readonly content: string }[];
  /** Texts that each stand once in a file of the reference, and what stands there instead. */
  readonly replace: readonly { readonly path: string; readonly find: string; readonly with: string }[];
}

/** The submission is a test suite: it must pass the reference solution, and find what is wrong with mutants of it. */
export interface MutationTest {
  readonly kind: 'mutation';
  /** Unique in the document. */
  readonly name: string;
  readonly description: string | null;
  /** At least 0, at most three decimals. */
  readonly points: number;
  readonly visibility: Visibility;
  /** Null, or left out: what `visibility` says. */
  readonly feedback?: Feedback | null;
  /** Null where `run` says how the suite is run. */
  readonly framework: MutationFramework | null;
  /** `/bin/sh -c` inside the sandbox; the files of the suite reach it as `"$@"`, and exit status 0 says that it passed. */
  readonly run: string | null;
  /** Patterns of the files of the submission that are the suite. */
  readonly suite: readonly string[];
  /** Paths of those of the document's `files` that are the reference solution. */
  readonly reference: readonly string[];
  readonly mutants: readonly HandWrittenMutant[];
  /** Null: none are generated. */
  readonly generate: { readonly max: number } | null;
  /** Ids of mutants that do not count. */
  readonly exclude: readonly string[];
  readonly show: MutantDisclosure;
  /** Tests that the framework must have run on the reference. */
  readonly minTests: number;
  /** The share of the mutants that gives all points, above 0, at most 1. */
  readonly target: number;
  readonly limits: Partial<GradingLimits>;
  /** A suite can look at the source instead of testing it; the rewritten references make that hard, not impossible. */
  readonly tamperProof: false;
}

/** One test. A kind that is added becomes a member here, and the compiler names the places that must decide about it. */
export type GradingTest = ProgramTest | HttpTest | CommandTest | UnitTest | LintTest | SqlTest | MutationTest;
export type TestKind = GradingTest['kind'];

/** A program of the instructor that judges what submissions write; `judge-checker.ts` says what it can say. */
export interface CheckerDefinition {
  /** Unique among the checkers of the document. */
  readonly name: string;
  /** Key of the runtime that it is written in. */
  readonly runtime: string;
  /** Null: the default of its runtime. */
  readonly entrypoint: string | null;
  /** Its own files. They never come near a submission, whatever `hidden` says. */
  readonly files: readonly GradingFile[];
  /** Null: the default of its runtime. */
  readonly build: GradingBuild | null;
  /** True: it talks with the submission while both run, in place of reading what that wrote. */
  readonly interactive?: boolean;
  /** What one run of it may use. */
  readonly limits: GradingLimits;
}

/**
 * Tests and groups that are scored together; each is in at most one group, and no group in itself. A property that may be left
 * out then has the default that `group-tree.ts` names.
 */
export interface TestGroup {
  readonly name: string;
  /**
   * Replace the points of its members, which become weights: what the whole group can give. Null: its members' points are
   * taken as they are.
   */
  readonly points: number | null;
  readonly scoring: GroupScoring;
  /** Names of tests of the same document. */
  readonly tests: readonly string[];
  /** Names of groups of the same document that are inside this one. */
  readonly groups?: readonly string[];
  readonly onReject?: RejectPolicy;
  readonly verdict?: GroupVerdict;
  /** True: one accepted member makes the group accepted, whatever the others are. */
  readonly acceptIfAny?: boolean;
  /** True: it gives no points unless it is accepted. */
  readonly onlyIfAccepted?: boolean;
  /** False: its tests run, and change neither score nor verdict. */
  readonly counts?: boolean;
  /** Names of groups that come before and must be accepted, else the tests of this one are skipped. */
  readonly requires?: readonly string[];
  /** The least that a test directly in it gives when it ran and was not accepted. */
  readonly rejectPoints?: number;
  /** Only with `points` null: bounds of what it gives; `max` is then also what it can give. */
  readonly range?: { readonly min: number; readonly max: number } | null;
}

/**
 * How submissions to an assignment are graded, checked and with every default filled in: what `parseGradingDocument`
 * returns, and itself a valid document that parses to an equal one. Exactly one of `runtime` and `runtimes` is not null.
 */
export interface GradingDocument {
  /** The runtime of every submission; null: the student chooses among `runtimes`. */
  readonly runtime: string | null;
  readonly runtimes: readonly string[] | null;
  /** What a `program` test without `run` runs; null: the runtime's default (`entrypoint.ts`). */
  readonly entrypoint: string | null;
  readonly requiredFiles: readonly string[];
  readonly files: readonly GradingFile[];
  /** Left out in documents from before there were any. With one at least, all steps share a network, whatever `limits` say. */
  readonly services?: readonly GradingService[];
  /** Null: the runtime's default build, if it has one. */
  readonly build: GradingBuild | null;
  readonly limits: GradingLimits;
  readonly runner: 'auto' | 'exec';
  /** Whether namespaces are the submission's own, or those of earlier ones as well; `sandbox.ts` says what that means. */
  readonly reuse: 'submission' | 'lane';
  /** True: Python programs may import what is installed on the grading machine. */
  readonly systemSitePackages: boolean;
  /** True: after the first test that is not accepted the others are `skipped`. */
  readonly stopOnFailure: boolean;
  readonly tests: readonly GradingTest[];
  readonly groups: readonly TestGroup[];
  /** Left out of documents that were stored before there were any. */
  readonly checkers?: readonly CheckerDefinition[];
}
