import { type DocumentFault, pointer } from '../document-fault.js';
import { patternFault } from '../regex-pattern.js';
import { pathSetFault, relativePathFault } from '../relative-path.js';
import { contentFault, nameFault, pointsFault, textFault } from '../test-faults.js';
import { fromThousandths, toThousandths } from '../thousandths.js';
import { expectationFaults, statusFaults, templateTexts } from './http-expectation-faults.js';
import { type Faults, requestFaults, requestTexts } from './http-request-faults.js';
import { HTTP_LIMITS } from './http-limits.js';
import { jsonPathFault } from './json-path.js';
import type { RawHttpStep, RawHttpTest } from './raw-http-test.js';
import { INDEX_VARIABLE, templatesIn, VARIABLE_NAME } from './templates.js';

/** What is wrong with an `http` test of the right shape that stands at `path`. */
export function httpTestFaults(test: RawHttpTest, path: string): DocumentFault[] {
  const faults: Faults = [
    ['/name', nameFault(test.name)],
    ['/description', textFault(test.description ?? '', 'no NUL')],
    ['/points', pointsFault(test.points) ?? sumFault(test)],
    ['/start', textFault(test.start, 'no NUL')],
    ...environmentFaults(test),
    ['/ready/path', test.ready?.path?.startsWith('/') === false ? 'must begin with "/"' : null],
    [
      '/ready/status',
      test.ready?.status !== undefined && test.ready.status !== null && (test.ready.path ?? null) === null
        ? 'needs a `path` to ask'
        : null,
    ],
    ...statusFaults(test.ready?.status ?? null, '/ready/status'),
    ['/steps', countFault(test)],
    ...stepsFaults(test),
    ...latencyFaults(test),
  ];
  return faults.flatMap(([name, message]) => (message === null ? [] : [{ path: path + name, message }]));
}

function environmentFaults({ environment = {} }: RawHttpTest): Faults {
  return Object.entries(environment).map(([name, value]) => {
    const fault = ['PORT', 'HOST'].includes(name)
      ? 'is set by Assay: `port` says which port'
      : /^[A-Za-z_][A-Za-z0-9_]{0,99}$/.test(name)
        ? textFault(value, 'no NUL')
        : 'is not the name of a variable: letters, digits and "_"';
    return [`/environment${pointer(name)}`, fault] as const;
  });
}

function countFault({ steps, latency }: RawHttpTest): string | null {
  const requests = steps.reduce((sum, step) => sum + (step.parallel ?? 1), 0) + (latency?.requests ?? 0);
  return requests > HTTP_LIMITS.requests
    ? `make ${requests} requests: at most ${HTTP_LIMITS.requests} in one test`
    : null;
}

function sumFault({ points, steps }: RawHttpTest): string | null {
  const named = steps.map((step) => step.points ?? null).filter((one) => one !== null);
  if (named.length === 0) return null;
  const sum = fromThousandths(named.reduce((total, one) => total + toThousandths(one), 0));
  return sum === points ? null : `is ${points}, and its steps give ${sum}: let the test have what its steps add up to`;
}

function stepsFaults({ steps }: RawHttpTest): Faults {
  const captured = new Set<string>();
  return steps.flatMap((step, index) => {
    const faults = stepFaults(step, captured);
    for (const name of Object.keys(step.capture ?? {})) captured.add(name);
    return faults.map(([name, message]) => [pointer('steps', index) + name, message] as const);
  });
}

function stepFaults(step: RawHttpStep, captured: ReadonlySet<string>): Faults {
  const { request = null, parallel = 1, capture = {}, expect } = step;
  const own: Faults = [
    ['/name', step.name === undefined || step.name === null ? null : nameFault(step.name)],
    ['/points', step.points === undefined || step.points === null ? null : pointsFault(step.points)],
  ];
  if (request === null) {
    const needless = (['expect', 'capture', 'parallel'] as const).filter((name) => step[name] !== undefined);
    return [
      ...own,
      ['/request', step.restart === true ? null : 'is required, unless the step is a `restart`'],
      ...needless.map((name) => [`/${name}`, 'needs a `request`'] as const),
    ];
  }
  const known = new Set([...captured, ...(parallel > 1 ? [INDEX_VARIABLE] : [])]);
  return [
    ...own,
    ...prefixed('/request', requestFaults(request)),
    ...prefixed('/request', unknownFaults(requestTexts(request), known)),
    ...prefixed('/expect', expectationFaults(expect ?? {}, parallel)),
    ...prefixed('/expect', unknownFaults(templateTexts(expect ?? {}), known)),
    ...Object.entries(capture).flatMap(([name, one]) => captureFaults(name, one, parallel)),
  ];
}

function prefixed(path: string, faults: Faults): Faults {
  return faults.map(([name, message]) => [path + name, message] as const);
}

/** Templates that nothing before could have given a value. */
function unknownFaults(texts: readonly (readonly [string, string])[], known: ReadonlySet<string>): Faults {
  return texts.flatMap(([path, text]) =>
    templatesIn(text)
      .filter((name) => !known.has(name))
      .map((name): readonly [string, string] => {
        if (name === INDEX_VARIABLE) return [path, 'uses {{index}}, which only a step with `parallel` has'];
        const names = [...known].join(', ');
        return [
          path,
          `uses {{${name}}}, which no step before it captures${names === '' ? '' : `: there are ${names}`}`,
        ];
      }),
  );
}

function captureFaults(name: string, capture: NonNullable<RawHttpStep['capture']>[string], parallel: number): Faults {
  const path = `/capture${pointer(name)}`;
  if (parallel > 1) return [[path, 'cannot be captured from a step with `parallel`: which of the answers?']];
  if (!VARIABLE_NAME.test(name)) return [[path, 'is not a name: letters, digits and "_", up to 50, not a digit first']];
  if (name === INDEX_VARIABLE) return [[path, 'is taken: {{index}} is the number of a parallel request']];
  if (typeof capture === 'string') return [[path, jsonPathFault(capture)]];
  const sources = [capture.jsonPath, capture.header, capture.cookie].filter((one) => (one ?? null) !== null);
  return [
    [path, sources.length > 1 ? 'must name one of `jsonPath`, `header` and `cookie`' : null],
    [path, sources.length === 0 && (capture.regex ?? null) === null ? 'must say where the value comes from' : null],
    [`${path}/jsonPath`, typeof capture.jsonPath === 'string' ? jsonPathFault(capture.jsonPath) : null],
    [`${path}/regex`, typeof capture.regex === 'string' ? patternFault(capture.regex) : null],
  ];
}

function latencyFaults({ latency, steps }: RawHttpTest): Faults {
  if (latency === undefined || latency === null) return [];
  const captured = new Set(steps.flatMap((step) => Object.keys(step.capture ?? {})));
  const files = latency.reference.files ?? [];
  const paths = files.map(
    ({ path }, index) => [pointer('reference', 'files', index, 'path'), relativePathFault(path)] as const,
  );
  const clash = paths.every(([, fault]) => fault === null) ? pathSetFault(files.map(({ path }) => path)) : null;
  return prefixed('/latency', [
    ...prefixed('/request', requestFaults(latency.request)),
    ...prefixed('/request', unknownFaults(requestTexts(latency.request), captured)),
    ['/reference/start', textFault(latency.reference.start, 'no NUL')],
    ...paths,
    ['/reference/files', clash === null ? null : `cannot lie in one folder: ${clash}`],
    ...files.map(
      (file, index) =>
        [pointer('reference', 'files', index, 'content'), contentFault(file.content, file.encoding)] as const,
    ),
  ]);
}
