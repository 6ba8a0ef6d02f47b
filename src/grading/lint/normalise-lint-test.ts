import type { GradingLimits, LintFileRules, LintTest } from '../grading-document.js';
import { type LimitCeilings, NUMERIC_LIMITS, type NumericLimit } from '../limits.js';
import type { RawLintTest } from '../raw-grading-document.js';
import { LINT_TOOL_DEFAULTS } from './lint-tools.js';

/** What a tool needs has nothing to do with what the programs of students may use. */
const TOOL_LIMITS: Readonly<Partial<Record<NumericLimit, number>>> = {
  timeMs: 10_000,
  memoryMiB: 512,
  processes: 64,
  outputKiB: 2_048,
  diskMiB: 64,
};

/** The limits of a lint test that names `named`: with those of a tool, none of them above its ceiling. */
export function lintLimits(named: Partial<GradingLimits>, ceilings: LimitCeilings): Partial<GradingLimits> {
  const own: Partial<Record<NumericLimit, number>> = {};
  for (const limit of NUMERIC_LIMITS) {
    const value = TOOL_LIMITS[limit];
    if (value !== undefined) own[limit] = Math.min(value, ceilings[limit]);
  }
  return { ...own, ...named };
}

/** `raw`, a test without faults, with every default filled in. */
export function normaliseLintTest(raw: RawLintTest, limits: Partial<GradingLimits>): LintTest {
  const defaults = LINT_TOOL_DEFAULTS[raw.tool];
  return {
    kind: raw.kind,
    name: raw.name,
    description: raw.description ?? null,
    points: raw.points,
    visibility: raw.visibility ?? 'visible',
    tool: raw.tool,
    paths: raw.paths === undefined || raw.paths.length === 0 ? defaults.paths : raw.paths,
    exclude: raw.exclude ?? [],
    select: raw.select ?? ['*'],
    ignore: raw.ignore ?? defaults.ignore,
    inlineDisable: raw.inlineDisable ?? false,
    maxLineLength: raw.maxLineLength ?? null,
    shell: raw.shell ?? null,
    config: raw.config ?? null,
    rules: raw.rules ?? null,
    files: raw.tool === 'files' ? normaliseFileRules(raw.files ?? {}) : null,
    deductions: (raw.deductions ?? []).map(({ match, points, max }) => ({ match, points, max: max ?? null })),
    floor: raw.floor ?? 0,
    limits,
  };
}

function normaliseFileRules(raw: Partial<LintFileRules>): LintFileRules {
  return {
    required: raw.required ?? [],
    forbidden: raw.forbidden ?? [],
    shebang: raw.shebang ?? [],
    executable: raw.executable ?? [],
    finalNewline: raw.finalNewline ?? [],
  };
}
