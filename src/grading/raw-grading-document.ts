import type {
  CheckerDefinition,
  CallExpectation,
  ExpectedCases,
  InProcessFramework,
  ReportFormat,
  UnitCall,
  UnitStep,
  CommandTest,
  GradingFile,
  GradingLimits,
  HandWrittenMutant,
  LintDeduction,
  LintFileRules,
  LintTest,
  MutationTest,
  ProgramExpectation,
  ProgramTest,
  ServiceName,
  TestGroup,
  Visibility,
} from './grading-document.js';
import type { CompareMode, FloatTolerance } from './compare-options.js';
import type { RawFeedback } from './feedback.js';
import type { RawHttpTest } from './http/raw-http-test.js';
import type { RawSqlTest } from './sql/raw-sql-test.js';

/** A grading document as it may be written: the shape that `gradingDocumentSchema` lets through, before any default. */
export interface RawGradingDocument {
  readonly runtime?: string | null;
  readonly runtimes?: readonly string[] | null;
  readonly entrypoint?: string | null;
  readonly requiredFiles?: readonly string[];
  readonly files?: readonly RawGradingFile[];
  readonly services?: readonly (ServiceName | RawGradingService)[];
  readonly build?: { readonly run: string; readonly timeMs?: number } | null;
  readonly limits?: Partial<GradingLimits>;
  readonly runner?: 'auto' | 'exec';
  readonly reuse?: 'submission' | 'lane';
  readonly systemSitePackages?: boolean;
  readonly stopOnFailure?: boolean;
  readonly tests: readonly RawTest[];
  readonly groups?: readonly RawTestGroup[];
  readonly checkers?: readonly RawChecker[];
  readonly checker?: string | null;
  readonly checkerArgs?: readonly string[];
  readonly feedback?: Omit<RawFeedback, 'hint'> | null;
}

/** A checker as it may be written. */
export type RawChecker = Pick<CheckerDefinition, 'name' | 'runtime'> & {
  readonly files: readonly RawGradingFile[];
  readonly entrypoint?: string | null;
  readonly interactive?: boolean;
  readonly build?: RawGradingDocument['build'];
  readonly limits?: Partial<GradingLimits>;
};

/** A group as it may be written: what it hands to its tests is not part of a document with every default filled in. */
export type RawTestGroup = Omit<TestGroup, 'tests'> & Partial<Pick<TestGroup, 'tests'>> & RawGroupSettings;

/** What the tests of a group, and of the groups inside it, have where they do not say otherwise. */
export interface RawGroupSettings {
  readonly limits?: Partial<GradingLimits>;
  readonly visibility?: Visibility;
  readonly feedback?: Omit<RawFeedback, 'hint'> | null;
  readonly expect?: Pick<RawExpectation, 'compare' | 'caseSensitive' | 'floatTolerance'>;
  readonly checker?: string | null;
  readonly checkerArgs?: readonly string[];
}

export type RawGradingFile = Pick<GradingFile, 'path' | 'content'> & Partial<GradingFile>;

export interface RawGradingService {
  readonly name: ServiceName;
  readonly seed?: string | readonly string[];
}

export type RawTest =
  RawProgramTest | RawHttpTest | RawCommandTest | RawUnitTest | RawLintTest | RawSqlTest | RawMutationTest;

export type RawProgramTest = Pick<ProgramTest, 'kind' | 'name' | 'points'> &
  Partial<Omit<ProgramTest, 'expect' | 'feedback'>> & {
    readonly expect?: RawExpectation;
    readonly feedback?: RawFeedback | null;
  };

export type RawCommandTest = Pick<CommandTest, 'kind' | 'name' | 'points' | 'run'> &
  Partial<Omit<CommandTest, 'expect' | 'feedback'>> & {
    readonly expect?: Partial<CommandTest['expect']>;
    readonly feedback?: RawFeedback | null;
  };

export interface RawUnitTest {
  readonly kind: 'unit';
  readonly name: string;
  readonly points: number;
  readonly description?: string | null;
  readonly visibility?: Visibility;
  readonly feedback?: RawFeedback | null;
  readonly framework?: InProcessFramework | ReportFormat | null;
  readonly testFiles?: readonly string[];
  readonly testsFrom?: 'document' | 'submission';
  readonly run?: string | null;
  readonly args?: readonly string[];
  readonly output?: string | null;
  readonly perCase?: Readonly<Record<string, number>> | null;
  readonly expectedCases?: Partial<ExpectedCases> | null;
  readonly isolated?: boolean;
  readonly module?: string | null;
  readonly calls?: readonly RawUnitCall[];
  readonly freshProcess?: boolean;
  readonly limits?: Partial<GradingLimits>;
  readonly tamperProof?: boolean;
}

export type RawUnitStep = Partial<Omit<UnitStep, 'expect'>> & { readonly expect?: RawCallExpectation };

/** With `steps`, or, where there is one only, with what it holds. */
export type RawUnitCall = Pick<UnitCall, 'name'> &
  Partial<Pick<UnitCall, 'points' | 'stdin'>> &
  RawUnitStep & { readonly steps?: readonly RawUnitStep[] };

export type RawCallExpectation = Partial<Omit<CallExpectation, 'raises' | 'floatTolerance'>> & {
  readonly raises?: string | { readonly type?: string | null; readonly message?: string | null } | null;
  readonly floatTolerance?: Partial<FloatTolerance> | null;
};

export type RawExpectation = Partial<Omit<ProgramExpectation, 'floatTolerance'>> & {
  readonly compare?: CompareMode;
  readonly floatTolerance?: Partial<FloatTolerance> | null;
};

export type RawLintTest = Pick<LintTest, 'kind' | 'name' | 'points' | 'tool'> &
  Partial<Omit<LintTest, 'files' | 'deductions' | 'feedback'>> & {
    readonly feedback?: RawFeedback | null;
    readonly files?: Partial<LintFileRules> | null;
    readonly deductions?: readonly (Pick<LintDeduction, 'match' | 'points'> & Partial<LintDeduction>)[];
  };

export type RawMutationTest = Pick<MutationTest, 'kind' | 'name' | 'points' | 'reference'> &
  Partial<Omit<MutationTest, 'mutants' | 'generate' | 'feedback'>> & {
    readonly feedback?: RawFeedback | null;
    readonly mutants?: readonly (Pick<HandWrittenMutant, 'id'> & Partial<HandWrittenMutant>)[];
    readonly generate?: { readonly max?: number } | null;
  };
