import type { DocumentFault } from './document-fault.js';
import { pointer } from './document-fault.js';
import { IN_PROCESS_FRAMEWORKS, type InProcessFramework } from './grading-document.js';
import type { RawGradingDocument, RawUnitCall, RawUnitStep, RawUnitTest } from './raw-grading-document.js';
import { relativePathFault } from './relative-path.js';
import { nameFault, pointsFault, textFault } from './test-faults.js';
import { fromThousandths, toThousandths } from './thousandths.js';
import { testFilesOf } from './unit/test-files.js';
import { valueFault } from './unit/unit-values.js';

type Faults = (readonly [path: string, message: string | null])[];

/** The runtimes whose programs a framework runs. */
const RUNTIMES: Readonly<Record<InProcessFramework, string>> = {
  pytest: 'python',
  unittest: 'python',
  'node-test': 'node',
  mocha: 'node',
  jest: 'node',
  vitest: 'node',
  junit: 'java',
};
const CALLED = ['python', 'node'];

const FOR_REPORTS = ['run', 'output'] as const;
const FOR_ISOLATED = ['module', 'calls', 'freshProcess'] as const;
const FOR_FRAMEWORKS = ['testFiles', 'testsFrom'] as const;
const FOR_CASES = ['perCase', 'expectedCases'] as const;

/** What is wrong with a `unit` test of the right shape that stands at `path` of `document`. */
export function unitTestFaults(test: RawUnitTest, document: RawGradingDocument, path: string): DocumentFault[] {
  const faults: Faults = [
    ['/name', nameFault(test.name)],
    ['/description', textFault(test.description ?? '', 'no NUL')],
    ['/points', pointsFault(test.points)],
    ...(test.args ?? []).map((arg, index) => [`/args/${index}`, textFault(arg, 'no NUL')] as const),
    ...kindFaults(test, document),
    ...perCaseFaults(test),
    ...(test.expectedCases?.names ?? []).map(
      (name, index) => [`/expectedCases/names/${index}`, nameFault(name)] as const,
    ),
    ['/tamperProof', tamperFault(test)],
  ];
  return faults.flatMap(([name, message]) => (message === null ? [] : [{ path: path + name, message }]));
}

function kindFaults(test: RawUnitTest, document: RawGradingDocument): Faults {
  const framework = test.framework ?? null;
  if (test.isolated === true) {
    const message = 'does not go with `isolated: true`, where there is no framework: take it away';
    return [
      ['/framework', framework === null ? null : message],
      ...unused(test, [...FOR_REPORTS, ...FOR_FRAMEWORKS, ...FOR_CASES], message),
      ...((test.args ?? []).length > 0 ? ([['/args', 'belongs to each of the `calls`']] as const) : []),
      ['/module', relativePathOr(test.module)],
      ['/isolated', runtimesFault(document, CALLED)],
      ...callsFaults(test),
    ];
  }
  const isolatedOnly = unused(test, FOR_ISOLATED, 'needs `isolated: true`');
  if (framework === null) {
    const frameworks = [...IN_PROCESS_FRAMEWORKS, 'junit-xml', 'tap'].join(', ');
    return [
      ['/framework', `is required: use one of ${frameworks}, or \`isolated: true\` with \`calls\``],
      ...isolatedOnly,
    ];
  }
  if (framework === 'junit-xml' || framework === 'tap') {
    return [
      [
        '/run',
        (test.run ?? null) === null
          ? 'is required: say which command leaves the results'
          : textFault(test.run ?? '', 'no NUL'),
      ],
      ['/output', relativePathOr(test.output)],
      ...isolatedOnly,
      ...unused(test, FOR_FRAMEWORKS, `is not for \`${framework}\`, whose \`run\` knows its tests`),
    ];
  }
  const inProcess = `is for \`junit-xml\` and \`tap\` only: Assay starts \`${framework}\` itself`;
  return [
    ['/framework', runtimesFault(document, [RUNTIMES[framework]])],
    ...unused(test, FOR_REPORTS, inProcess),
    ...((test.args ?? []).length > 0 ? ([['/args', inProcess]] as const) : []),
    ...isolatedOnly,
    ...testFilesFaults(test, framework, document),
  ];
}

function unused(test: RawUnitTest, names: readonly (keyof RawUnitTest)[], message: string): Faults {
  return names.flatMap((name) => ((test[name] ?? null) === null ? [] : [[`/${name}`, message] as const]));
}

function relativePathOr(path: string | null | undefined): string | null {
  return path === null || path === undefined ? null : relativePathFault(path);
}

function runtimesFault({ runtime, runtimes }: RawGradingDocument, allowed: readonly string[]): string | null {
  const other = (runtimes ?? [runtime ?? '']).find((key) => !allowed.includes(key));
  return other === undefined ? null : `works with the runtime ${allowed.join(' or ')} only, and this is \`${other}\``;
}

function testFilesFaults(test: RawUnitTest, framework: InProcessFramework, document: RawGradingDocument): Faults {
  const named = test.testFiles;
  const isOurs = (test.testsFrom ?? 'document') === 'document';
  if (named === undefined) {
    if (!isOurs) return [['/testFiles', 'is required where the student writes the tests: say what they are called']];
    const found = testFilesOf(framework, document.files ?? []);
    return found.length > 0
      ? []
      : [['/testFiles', `is required, because no file of \`files\` is named as tests of ${framework} are`]];
  }
  const paths = new Set((document.files ?? []).map((file) => file.path));
  return named.map((path, index) => {
    const fault = relativePathFault(path);
    const missing =
      isOurs && !paths.has(path)
        ? 'is not among the `files` of the document: add it there, or say `testsFrom: submission`'
        : null;
    return [
      `/testFiles/${index}`,
      fault ?? missing ?? (named.indexOf(path) < index ? 'is listed twice: take one away' : null),
    ] as const;
  });
}

function perCaseFaults({ perCase, points, isolated }: RawUnitTest): Faults {
  if (perCase === null || perCase === undefined || isolated === true) return [];
  const names = Object.entries(perCase);
  const faults: Faults = names.flatMap(([name, value]) => [
    [`/perCase${pointer(name)}`, nameFault(name)] as const,
    [`/perCase${pointer(name)}`, pointsFault(value)] as const,
  ]);
  if (names.length === 0) return [['/perCase', 'must name a case: leave it out where all weigh the same']];
  return [
    ...faults,
    [
      '/perCase',
      sumFault(
        names.map(([, value]) => value),
        points,
      ),
    ],
  ];
}

function sumFault(parts: readonly number[], points: number): string | null {
  const sum = fromThousandths(parts.reduce((total, part) => total + toThousandths(part), 0));
  return sum === points ? null : `adds up to ${sum}, and the points of the test are ${points}: make them equal`;
}

function tamperFault({ tamperProof, isolated = false }: RawUnitTest): string | null {
  if (tamperProof === undefined || tamperProof === isolated) return null;
  return isolated
    ? 'is true with `isolated: true`: leave it out'
    : 'is true with `isolated: true` only: a framework runs in the process of the submission, which could change it';
}

function callsFaults(test: RawUnitTest): Faults {
  const { calls } = test;
  if (calls === undefined) return [['/calls', 'is required with `isolated: true`: list at least one']];
  const withPoints = calls.filter((call) => (call.points ?? null) !== null);
  const shares =
    withPoints.length === 0
      ? null
      : withPoints.length < calls.length
        ? 'must give points to all calls or to none'
        : sumFault(
            calls.map(({ points }) => points ?? 0),
            test.points,
          );
  const names = calls.map(({ name }) => name);
  return [
    ['/calls', shares],
    ...calls.flatMap((call, index): Faults => {
      const at = `/calls/${index}`;
      return [
        [
          `${at}/name`,
          nameFault(call.name) ??
            (names.indexOf(call.name) < index ? 'is the name of another call: give each its own' : null),
        ],
        [`${at}/points`, pointsFault(call.points ?? 0)],
        [
          `${at}/stdin`,
          textFault(call.stdin ?? '') ?? (call.stdin !== undefined && call.stdin !== '' ? sharedFault(test) : null),
        ],
        ...stepsFaults(call, at, test),
      ];
    }),
  ];
}

function sharedFault({ freshProcess = true }: RawUnitTest): string | null {
  return freshProcess ? null : 'needs `freshProcess: true`: with one process for all calls it belongs to none of them';
}

function stepsFaults(call: RawUnitCall, at: string, test: RawUnitTest): Faults {
  const single = ['call', 'new', 'get', 'args', 'kwargs', 'as', 'expect'] as const;
  const present = single.filter((name) => (call[name] ?? null) !== null);
  if (call.steps === undefined) return stepFaults(call, at, test, new Set(), true);
  const known = new Set<string>();
  return [
    ...present.map((name) => [`${at}/${name}`, 'stands beside `steps`: put it into one of them'] as const),
    ...call.steps.flatMap((step, index, all) => {
      const faults = stepFaults(step, `${at}/steps/${index}`, test, known, index === all.length - 1);
      if (typeof step.as === 'string') known.add(step.as);
      return faults;
    }),
  ];
}

const NAME = /^[\p{L}_$][\p{L}\p{N}_$]*$/u;
const DOTTED = /^[\p{L}_$][\p{L}\p{N}_$]*(?:\.[\p{L}_$][\p{L}\p{N}_$]*)*$/u;

function stepFaults(
  step: RawUnitStep,
  at: string,
  test: RawUnitTest,
  known: ReadonlySet<string>,
  isLast: boolean,
): Faults {
  const actions = (['call', 'new', 'get'] as const).filter((name) => (step[name] ?? null) !== null);
  const expect = step.expect ?? {};
  const tolerance = expect.floatTolerance ?? null;
  const name = step.as ?? null;
  return [
    [at, actions.length === 1 ? null : 'must hold exactly one of `call`, `new` and `get`'],
    ...actions.map(
      (action) =>
        [`${at}/${action}`, DOTTED.test(step[action] ?? '') ? null : 'must be names with "." between them'] as const,
    ),
    [
      `${at}/as`,
      name === null || NAME.test(name)
        ? name !== null && known.has(name)
          ? 'is the name of an earlier step'
          : null
        : 'must be a name',
    ],
    ...(step.args ?? []).map((value, index) => [`${at}/args/${index}`, valueFault(value)] as const),
    ...Object.entries(step.kwargs ?? {}).map(([key, value]) => {
      return [`${at}/kwargs${pointer(key)}`, NAME.test(key) ? valueFault(value) : 'must be a name'] as const;
    }),
    [`${at}/expect/value`, 'value' in expect ? valueFault(expect.value) : null],
    [`${at}/expect/args`, expect.args === null || expect.args === undefined ? null : valueFault(expect.args)],
    [
      `${at}/expect/raises`,
      'value' in expect && (expect.raises ?? null) !== null ? 'excludes `value`: keep one of the two' : null,
    ],
    [
      `${at}/expect/stdout`,
      (expect.stdout ?? null) === null
        ? null
        : (textFault(expect.stdout ?? '') ?? (isLast ? sharedFault(test) : 'belongs to the last step')),
    ],
    [
      `${at}/expect/floatTolerance`,
      tolerance !== null && (tolerance.absolute ?? null) === null && (tolerance.relative ?? null) === null
        ? 'must name `absolute`, `relative` or both'
        : null,
    ],
  ];
}
