import { pointer, type DocumentFault } from './document-fault.js';
import type { LintTool } from './grading-document.js';
import { pathPatternFault } from './lint/path-pattern.js';
import { rulePatternFault } from './lint/rule-pattern.js';
import type { RawGradingDocument, RawLintTest } from './raw-grading-document.js';
import { nameFault, pointsFault, textFault } from './test-faults.js';

type Found = readonly (readonly [path: string, message: string | null])[];

/** What is wrong with a `lint` test of the right shape that stands at `path`. */
export function lintTestFaults(test: RawLintTest, path: string, document: RawGradingDocument): DocumentFault[] {
  const faults: Found = [
    ['/name', nameFault(test.name)],
    ['/description', textFault(test.description ?? '', 'no NUL')],
    ['/points', pointsFault(test.points)],
    ...toolFaults(test),
    ...each('/paths', test.paths, pathPatternFault),
    ...each('/exclude', test.exclude, pathPatternFault),
    ...each('/select', test.select, rulePatternFault),
    ...each('/ignore', test.ignore, rulePatternFault),
    ...Object.entries(test.files ?? {}).flatMap(([name, patterns]) =>
      each(`/files${pointer(name)}`, patterns, pathPatternFault),
    ),
    ['/config', configFault(test, document)],
    ...deductionFaults(test),
  ];
  return faults.flatMap(([name, message]) => (message === null ? [] : [{ path: path + name, message }]));
}

function each(path: string, patterns: readonly string[] | undefined, fault: (pattern: string) => string | null): Found {
  return (patterns ?? []).map((pattern, index) => [`${path}/${index}`, fault(pattern)]);
}

/** What belongs to one tool, and to no other. */
function toolFaults(test: RawLintTest): Found {
  const only = (name: keyof RawLintTest, tool: LintTool): Found[number] => [
    `/${name}`,
    (test[name] ?? null) !== null && test.tool !== tool
      ? `works with \`tool: ${tool}\` only, and this is \`${test.tool}\``
      : null,
  ];
  const none = 'has no use with `tool: files`: give patterns in `files`';
  return [
    only('maxLineLength', 'pycodestyle'),
    only('shell', 'shellcheck'),
    only('config', 'eslint'),
    only('rules', 'eslint'),
    only('files', 'files'),
    ['/paths', test.tool === 'files' && test.paths !== undefined && test.paths.length > 0 ? none : null],
    [
      '/files',
      test.tool === 'files' && !asksAnything(test)
        ? 'must say what is asked of the files, such as required: [README.md]'
        : null,
    ],
  ];
}

function asksAnything({ files }: RawLintTest): boolean {
  return Object.values(files ?? {}).some((patterns) => patterns.length > 0);
}

function configFault({ config = null, tool }: RawLintTest, { files = [] }: RawGradingDocument): string | null {
  if (config === null || tool !== 'eslint') return null;
  const isThere = files.some(({ path }) => path === config);
  if (!isThere) return 'is not the path of a file in `files`: put the configuration there';
  return /\.[cm]?js$/.test(config) ? null : 'must be a flat configuration, such as eslint.config.mjs';
}

function deductionFaults({ deductions = [], floor = 0, points }: RawLintTest): Found {
  return [
    ...deductions.flatMap((deduction, index): Found => [
      [`/deductions/${index}/match`, rulePatternFault(deduction.match)],
      [`/deductions/${index}/points`, pointsFault(deduction.points)],
      [`/deductions/${index}/max`, pointsFault(deduction.max ?? 0)],
    ]),
    ['/floor', pointsFault(floor) ?? floorFault(floor, points, deductions.length > 0)],
  ];
}

function floorFault(floor: number, points: number, hasDeductions: boolean): string | null {
  if (floor === 0) return null;
  if (!hasDeductions) return 'needs `deductions`: without them any finding costs all points';
  return floor > points ? `is more than the points of the test (${points})` : null;
}
