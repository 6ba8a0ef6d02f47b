import type { GradingLimits, MutationFramework, MutationTest } from '../grading-document.js';
import type { RawMutationTest } from '../raw-grading-document.js';

const DEFAULT_MUTANTS = 30;

const PYTHON_SUITE = ['**/test_*.py', '**/*_test.py'];
const JAVASCRIPT_SUITE = ['js', 'mjs', 'cjs'].flatMap((ending) => [`**/*.test.${ending}`, `**/*.spec.${ending}`]);

/** What files of a suite are usually called. */
const SUITES: Readonly<Record<MutationFramework, readonly string[]>> = {
  pytest: PYTHON_SUITE,
  unittest: PYTHON_SUITE,
  'node-test': JAVASCRIPT_SUITE,
  mocha: JAVASCRIPT_SUITE,
  jest: JAVASCRIPT_SUITE,
  vitest: JAVASCRIPT_SUITE,
};

/** `raw`, a test without faults, with every default filled in. */
export function normaliseMutationTest(raw: RawMutationTest, limits: Partial<GradingLimits>): MutationTest {
  const framework = raw.framework ?? null;
  const mutants = raw.mutants ?? [];
  return {
    kind: raw.kind,
    name: raw.name,
    description: raw.description ?? null,
    points: raw.points,
    visibility: raw.visibility ?? 'visible',
    framework,
    run: raw.run ?? null,
    suite:
      raw.suite !== undefined && raw.suite.length > 0 ? raw.suite : framework === null ? ['**'] : SUITES[framework],
    reference: raw.reference,
    mutants: mutants.map(({ id, description, files, replace }) => ({
      id,
      description: description ?? null,
      files: files ?? [],
      replace: replace ?? [],
    })),
    generate: normaliseGenerate(raw.generate, mutants.length === 0),
    exclude: raw.exclude ?? [],
    show: raw.show ?? 'count',
    minTests: raw.minTests ?? (framework === null ? 0 : 1),
    target: raw.target ?? 1,
    limits,
    tamperProof: false,
  };
}

function normaliseGenerate(raw: RawMutationTest['generate'], isDefault: boolean): MutationTest['generate'] {
  if (raw === null || (raw === undefined && !isDefault)) return null;
  return { max: raw?.max ?? DEFAULT_MUTANTS };
}
