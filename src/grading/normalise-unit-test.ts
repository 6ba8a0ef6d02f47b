import type {
  CallExpectation,
  GradingLimits,
  InProcessFramework,
  UnitCall,
  UnitStep,
  UnitTest,
} from './grading-document.js';
import { type LimitCeilings, NUMERIC_LIMITS, type NumericLimit } from './limits.js';
import type {
  RawCallExpectation,
  RawGradingDocument,
  RawUnitCall,
  RawUnitStep,
  RawUnitTest,
} from './raw-grading-document.js';
import { testFilesOf } from './unit/test-files.js';

type Floors = Readonly<Partial<Record<NumericLimit, number>>>;

/** What a framework needs to start, and leaves for the tests, on a busy machine; measured in docs/grading-unit.md. */
const LIGHT: Floors = { timeMs: 5_000, wallMs: 20_000 };
const HEAVY: Floors = { timeMs: 15_000, wallMs: 60_000, memoryMiB: 768, processes: 128 };
const FLOORS: Readonly<Record<InProcessFramework, Floors>> = {
  pytest: LIGHT,
  unittest: LIGHT,
  'node-test': LIGHT,
  mocha: LIGHT,
  jest: HEAVY,
  vitest: HEAVY,
  junit: HEAVY,
};

/** The limits of a `unit` test that names `test.limits`: what neither it nor the document names is enough for its framework. */
export function unitTestLimits(
  { framework, limits: named = {} }: Pick<RawUnitTest, 'framework' | 'limits'>,
  document: Pick<RawGradingDocument, 'limits'>,
  ceilings: LimitCeilings,
): Partial<GradingLimits> {
  const floors =
    framework === null || framework === undefined || framework === 'tap' || framework === 'junit-xml'
      ? {}
      : FLOORS[framework];
  const said = { ...document.limits, ...named };
  const added: Partial<Record<NumericLimit, number>> = {};
  for (const limit of NUMERIC_LIMITS) {
    const floor = floors[limit];
    if (floor === undefined || said[limit] !== undefined) continue;
    // Elapsed time follows CPU time, where that was said.
    if (limit === 'wallMs' && said.timeMs !== undefined) continue;
    added[limit] = Math.min(floor, ceilings[limit]);
  }
  return { ...added, ...named };
}

/** `raw` with every default filled in; `limits` are those that it replaces, worked out before. */
export function normaliseUnitTest(
  raw: RawUnitTest,
  document: RawGradingDocument,
  limits: Partial<GradingLimits>,
): UnitTest {
  const base = {
    kind: raw.kind,
    name: raw.name,
    description: raw.description ?? null,
    points: raw.points,
    visibility: raw.visibility ?? 'visible',
    limits,
  } as const;
  const framework = raw.framework ?? null;
  if (framework === null) {
    return {
      ...base,
      isolated: true,
      module: raw.module ?? null,
      calls: (raw.calls ?? []).map(normaliseCall),
      freshProcess: raw.freshProcess ?? true,
      tamperProof: true,
    };
  }
  const { perCase = null, expectedCases = null } = raw;
  const rules = {
    perCase,
    expectedCases:
      expectedCases === null ? null : { names: expectedCases.names ?? [], count: expectedCases.count ?? null },
    isolated: false,
    tamperProof: false,
  } as const;
  if (framework === 'junit-xml' || framework === 'tap') {
    return { ...base, framework, run: raw.run ?? '', args: raw.args ?? [], output: raw.output ?? null, ...rules };
  }
  return {
    ...base,
    framework,
    testFiles: raw.testFiles ?? testFilesOf(framework, document.files ?? []),
    testsFrom: raw.testsFrom ?? 'document',
    ...rules,
  };
}

function normaliseCall({ name, points = null, stdin = '', steps, ...single }: RawUnitCall): UnitCall {
  return { name, points, stdin, steps: (steps ?? [single]).map(normaliseStep) };
}

function normaliseStep(raw: RawUnitStep): UnitStep {
  return {
    call: raw.call ?? null,
    new: raw.new ?? null,
    get: raw.get ?? null,
    args: raw.args ?? [],
    kwargs: raw.kwargs ?? {},
    as: raw.as ?? null,
    expect: normaliseExpectation(raw.expect ?? {}),
  };
}

function normaliseExpectation(raw: RawCallExpectation): CallExpectation {
  const raises = raw.raises ?? null;
  const tolerance = raw.floatTolerance ?? null;
  return {
    ...('value' in raw ? { value: raw.value } : {}),
    raises:
      raises === null
        ? null
        : typeof raises === 'string'
          ? { type: raises, message: null }
          : { type: raises.type ?? null, message: raises.message ?? null },
    stdout: raw.stdout ?? null,
    args: raw.args ?? null,
    floatTolerance:
      tolerance === null ? null : { absolute: tolerance.absolute ?? null, relative: tolerance.relative ?? null },
  };
}
