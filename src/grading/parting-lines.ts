import type { PartingPoint } from './check-result.js';
import { lineAround, lineNumber, type Span, wideExcerpt } from './excerpt.js';

/** Lines shown before and after the one in which two texts part. */
const CONTEXT = 2;

/**
 * The lines of both texts around where they part, with their numbers, that line marked, nothing invisible in them, each cut; null
 * where both are one line, so that a sentence says it all. At most a dozen lines, whatever the texts hold.
 */
export function partingLines(expected: Uint8Array, actual: Uint8Array, at: PartingPoint): string | null {
  if (isOneLine(expected) && isOneLine(actual)) return null;
  return ['Expected:', ...linesAt(expected, at.expected), 'Got:', ...linesAt(actual, at.actual)].join('\n');
}

function isOneLine(bytes: Uint8Array): boolean {
  const lineFeed = bytes.indexOf(0x0a);
  return lineFeed === -1 || lineFeed === bytes.length - 1;
}

function linesAt(bytes: Uint8Array, at: number): string[] {
  const lines: { readonly span: Span; readonly isMarked: boolean }[] = [];
  const marked = lineAround(bytes, Math.min(at, bytes.length));
  lines.push({ span: marked, isMarked: true });
  for (let i = 0; i < CONTEXT; i += 1) {
    const [first, last] = [lines[0]?.span.start ?? 0, lines.at(-1)?.span.end ?? bytes.length];
    if (first > 0) lines.unshift({ span: lineAround(bytes, first - 1), isMarked: false });
    if (last < bytes.length) lines.push({ span: lineAround(bytes, last), isMarked: false });
  }
  const number = lineNumber(bytes, lines[0]?.span.start ?? 0);
  const width = String(number + lines.length - 1).length;
  return lines.map(({ span, isMarked }, index) => {
    const label = String(number + index).padStart(width);
    return `${isMarked ? '>' : ' '} ${label} | ${lineText(span, isMarked ? at : span.start)}`;
  });
}

/** The line as it stands there; a line feed at its end is shown, and so is that there is none. */
function lineText(span: Span, at: number): string {
  if (span.start === span.end) return '(the end)';
  const isBroken = span.bytes[span.end - 1] === 0x0a;
  return `${wideExcerpt(span, at)}${isBroken ? '' : ' (the end, without a line break)'}`;
}
