import type { DocumentFault } from './document-fault.js';
import { utf8Length } from './document-size.js';
import type { CompareMode } from './compare-options.js';
import { DOCUMENT_LIMITS } from './schema-parts.js';
import type { RawExpectation, RawProgramTest } from './raw-grading-document.js';
import { patternFault } from './regex-pattern.js';
import { hasAtMostThreeDecimals } from './thousandths.js';

const CONTROL = /\p{Cc}/u;
const LONE_SURROGATE = /\p{Surrogate}/u;

/** Why `name` cannot be the name of a test or a group, as the end of a sentence about it; null when it can. */
export function nameFault(name: string): string | null {
  if (name.trim() === '') return 'must not be blank';
  if (name.trim() !== name) return 'must not begin or end with white space';
  if (CONTROL.test(name)) return 'must be one line without control characters';
  return textFault(name);
}

/** Why `points` are not points, as the end of a sentence about them; null when they are. */
export function pointsFault(points: number): string | null {
  return hasAtMostThreeDecimals(points) ? null : `is ${points}: at most three decimals count, so round it`;
}

/** Why `text` cannot be given to a program: half of a UTF-16 pair, and, for what becomes an argument, NUL. */
export function textFault(text: string, nul: 'NUL allowed' | 'no NUL' = 'NUL allowed'): string | null {
  if (LONE_SURROGATE.test(text)) return 'must be valid Unicode: it holds half of a surrogate pair';
  if (nul === 'no NUL' && text.includes('\0')) return 'must not contain NUL: no program can be started with it';
  return null;
}

/** RFC 4648, section 4, with padding and nothing between; `atob` is lenient, so it cannot tell. */
const BASE64 = /^[A-Za-z0-9+/]*={0,2}$/;

/** Why `content` is not what `encoding` says that it is, as the end of a sentence about it; null when it is. */
export function contentFault(content: string, encoding: 'utf8' | 'base64' = 'utf8'): string | null {
  if (encoding === 'utf8') return textFault(content);
  if (content.length % 4 === 0 && BASE64.test(content)) return null;
  return 'is not base64: encode the bytes with padding and without line breaks';
}

/** What is wrong with a `program` test of the right shape that stands at `path`. */
export function programTestFaults(test: RawProgramTest, path: string): DocumentFault[] {
  const faults: (readonly [string, string | null])[] = [
    ['/name', nameFault(test.name)],
    ['/description', textFault(test.description ?? '', 'no NUL')],
    ['/points', pointsFault(test.points)],
    ['/stdin', textFault(test.stdin ?? '') ?? sizeFault(test.stdin ?? '')],
    ['/run', textFault(test.run ?? '', 'no NUL')],
    ...(test.args ?? []).map((arg, index) => [`/args/${index}`, textFault(arg, 'no NUL')] as const),
    ...expectationFaults(test.expect ?? {}),
  ];
  return faults.flatMap(([name, message]) => (message === null ? [] : [{ path: path + name, message }]));
}

function expectationFaults(expect: RawExpectation): (readonly [string, string | null])[] {
  return [
    ['/expect/stdout', expectedTextFault(expect.stdout ?? '', expect.compare)],
    ['/expect/stderr', expectedTextFault(expect.stderr ?? '', expect.compare)],
    ...comparisonFaults(expect),
  ];
}

/** Why `expected` cannot be compared with so, as the end of a sentence about it; null when it can. */
export function expectedTextFault(expected: string, compare: CompareMode = 'trimmed'): string | null {
  if (compare === 'regex') return patternFault(expected);
  return textFault(expected) ?? sizeFault(expected);
}

/** What is wrong with how an expectation compares, by the place in the test. */
export function comparisonFaults(
  expect: Pick<RawExpectation, 'compare' | 'caseSensitive' | 'floatTolerance'>,
): (readonly [string, string | null])[] {
  const compare = expect.compare ?? 'trimmed';
  const tolerance = expect.floatTolerance ?? null;
  const forTokens = `works with \`compare: tokens\` only, and this is \`${compare}\``;
  return [
    ['/expect/caseSensitive', compare !== 'tokens' && expect.caseSensitive === false ? forTokens : null],
    [
      '/expect/floatTolerance',
      tolerance === null
        ? null
        : compare !== 'tokens'
          ? forTokens
          : (tolerance.absolute ?? null) === null && (tolerance.relative ?? null) === null
            ? 'must name `absolute`, `relative` or both'
            : null,
    ],
  ];
}

function sizeFault(text: string): string | null {
  if (utf8Length(text) <= DOCUMENT_LIMITS.textBytes) return null;
  return `must be at most ${DOCUMENT_LIMITS.textBytes / 1_048_576} MiB`;
}
