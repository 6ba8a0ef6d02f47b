import { endWithoutWhiteSpace } from '../ascii.js';
import { MATCHES, differs, type CheckResult } from '../check-result.js';
import { commonLength, excerpt, type Span } from '../excerpt.js';

/**
 * The lines of `actual` must be those of `expected`, where white space at the end of each line does not count (so that
 * CRLF equals LF), nor blank lines at the end. Blank lines elsewhere, and white space at the start of lines, count. White
 * space is that of ASCII; a carriage return in the middle of a line is an ordinary character.
 */
export function checkTrimmed(expected: string, actual: Uint8Array): CheckResult {
  const wanted = new TextEncoder().encode(expected);
  const wantedEnd = endWithoutWhiteSpace(wanted, 0, wanted.length);
  const actualEnd = endWithoutWhiteSpace(actual, 0, actual.length);
  let wantedAt = 0;
  let actualAt = 0;
  for (let line = 1; wantedAt < wantedEnd || actualAt < actualEnd; line += 1) {
    const wantedLine = lineFrom(wanted, wantedAt, wantedEnd);
    const actualLine = lineFrom(actual, actualAt, actualEnd);
    if (!sameLine(wantedLine.text, actualLine.text)) {
      const length =
        wantedLine.text === null || actualLine.text === null ? 0 : commonLength(wantedLine.text, actualLine.text);
      return differs(`expected ${show(wantedLine, actualLine)} on line ${line}, got ${show(actualLine, wantedLine)}`, {
        expected: wantedAt + length,
        actual: actualAt + length,
      });
    }
    wantedAt = wantedLine.next;
    actualAt = actualLine.next;
  }
  return MATCHES;
}

/** `text` is null after the last line. */
interface Line {
  readonly text: Span | null;
  readonly next: number;
}

function lineFrom(bytes: Uint8Array, start: number, end: number): Line {
  if (start >= end) return { text: null, next: start };
  const lineFeed = bytes.indexOf(0x0a, start);
  const lineEnd = lineFeed === -1 || lineFeed > end ? end : lineFeed;
  return { text: { bytes, start, end: endWithoutWhiteSpace(bytes, start, lineEnd) }, next: lineEnd + 1 };
}

function sameLine(a: Span | null, b: Span | null): boolean {
  if (a === null || b === null) return a === b;
  const length = a.end - a.start;
  return length === b.end - b.start && commonLength(a, b) === length;
}

function show(line: Line, other: Line): string {
  if (line.text === null) return 'the end of the output';
  if (line.text.start === line.text.end) return 'an empty line';
  return excerpt(line.text, line.text.start + (other.text === null ? 0 : commonLength(line.text, other.text)));
}
