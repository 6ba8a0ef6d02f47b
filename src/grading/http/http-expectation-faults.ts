import { pointer } from '../document-fault.js';
import { patternFault } from '../regex-pattern.js';
import { comparisonFaults, expectedTextFault } from '../test-faults.js';
import { isJsonMatcher } from './fill-step.js';
import { type Faults, jsonTexts } from './http-request-faults.js';
import type { HttpStatus, TextMatcher } from './http-test.js';
import { jsonPathFault } from './json-path.js';
import { jsonSchemaFault } from './json-schema.js';
import type { RawHttpExpectation } from './raw-http-test.js';

const CLASS = /^[2-5]xx$/;
const ONE_STATUS = /^[2-5]\d\d$/;

/** What is wrong with an expectation of the right shape. */
export function expectationFaults(expect: RawHttpExpectation, parallel: number): Faults {
  const statuses = expect.statuses ?? null;
  return [
    ...statusFaults(expect.status ?? null, '/status'),
    ['/statuses', statuses === null ? null : statusesFault(expect, parallel)],
    ...Object.entries(expect.headers ?? {}).map(([name, one]) => regexFault(`/headers${pointer(name)}`, one)),
    ...Object.entries(expect.cookies ?? {}).map(([name, one]) => regexFault(`/cookies${pointer(name)}`, one)),
    regexFault('/location', expect.location ?? {}),
    ...Object.entries(expect.jsonPath ?? {}).flatMap(([path, one]): Faults => {
      const place = `/jsonPath${pointer(path)}`;
      return [
        [place, path.length > 500 ? 'is too long' : jsonPathFault(path)],
        regexFault(place, isJsonMatcher(one) ? one : {}),
      ];
    }),
    [
      '/jsonSchema',
      expect.jsonSchema === undefined || expect.jsonSchema === null ? null : jsonSchemaFault(expect.jsonSchema),
    ],
    ['/text', expectedTextFault(expect.text ?? '', expect.compare)],
    ...comparisonFaults(expect).map(([path, fault]) => [path.replace('/expect', ''), fault] as const),
  ];
}

function regexFault(path: string, matcher: { readonly regex?: string } | string): readonly [string, string | null] {
  const regex = typeof matcher === 'string' ? undefined : matcher.regex;
  return [`${path}/regex`, regex === undefined ? null : patternFault(regex)];
}

/** Statuses that are none. */
export function statusFaults(status: HttpStatus | readonly HttpStatus[] | null, path: string): Faults {
  const list = typeof status === 'object' ? (status ?? []) : [status];
  return list.map(
    (one) =>
      [
        path,
        typeof one === 'number' || CLASS.test(one) ? null : `must be a number, or a class such as "2xx", not "${one}"`,
      ] as const,
  );
}

function statusesFault({ status, statuses }: RawHttpExpectation, parallel: number): string | null {
  if (parallel === 1) return 'needs `parallel`: what one answer must be is `status`';
  if ((status ?? null) !== null) return 'excludes `status`: keep one of the two';
  const entries = Object.entries(statuses ?? {});
  const bad = entries.find(([name]) => !ONE_STATUS.test(name));
  if (bad !== undefined) return `must name statuses such as "201", not "${bad[0]}"`;
  const sum = entries.reduce((total, [, count]) => total + count, 0);
  return sum === parallel ? null : `names ${sum} answers, and \`parallel\` makes ${parallel}`;
}

/** Every text of an expectation that may hold templates, by its place. */
export function templateTexts(expect: RawHttpExpectation): readonly (readonly [path: string, text: string])[] {
  return [
    ...Object.entries(expect.headers ?? {}).flatMap(([name, one]) => matched(`/headers${pointer(name)}`, one)),
    ...Object.entries(expect.cookies ?? {}).flatMap(([name, one]) => matched(`/cookies${pointer(name)}`, one)),
    ...matched('/location', expect.location ?? ''),
    ...jsonTexts('/json', expect.json ?? null),
    ...Object.entries(expect.jsonPath ?? {}).flatMap(([path, one]) =>
      jsonTexts(`/jsonPath${pointer(path)}`, isJsonMatcher(one) ? (one.equals ?? null) : one),
    ),
    ['/text', expect.compare === 'regex' ? '' : (expect.text ?? '')],
  ];
}

function matched(path: string, one: string | TextMatcher): readonly (readonly [string, string])[] {
  return [[path, typeof one === 'string' ? one : `${one.equals ?? ''}${one.contains ?? ''}`]];
}
