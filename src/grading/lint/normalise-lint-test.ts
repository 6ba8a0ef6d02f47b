import type { GradingLimits, LintFileRules, LintTest } from '../grading-document.js';
import type { RawLintTest } from '../raw-grading-document.js';
import { LINT_TOOL_DEFAULTS } from './lint-tools.js';

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
