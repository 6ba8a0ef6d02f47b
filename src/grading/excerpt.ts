import { visibleText } from './visible-text.js';

const BYTES_BEFORE = 16;
const BYTES_AFTER = 48;
const WIDE_BEFORE = 40;
const WIDE_AFTER = 80;

/** A part of `bytes`, from `start` up to, not including, `end`: a line, a token, or all. */
export interface Span {
  readonly bytes: Uint8Array;
  readonly start: number;
  readonly end: number;
}

/** The line of `bytes` that `at` stands in, with its line feed. */
export function lineAround(bytes: Uint8Array, at: number): Span {
  const lineFeed = bytes.indexOf(0x0a, at);
  return {
    bytes,
    start: at === 0 ? 0 : bytes.lastIndexOf(0x0a, at - 1) + 1,
    end: lineFeed === -1 ? bytes.length : lineFeed + 1,
  };
}

/** Number of the line, from 1, that position `at` stands in. */
export function lineNumber(bytes: Uint8Array, at: number): number {
  let line = 1;
  for (let i = bytes.indexOf(0x0a); i !== -1 && i < at; i = bytes.indexOf(0x0a, i + 1)) line += 1;
  return line;
}

/**
 * What stands in `span` around `at`, in double quotes, nothing of it invisible, cut with `…` where there is more: at most
 * some 70 characters, however long the span is.
 */
export function excerpt(span: Span, at: number): string {
  return `"${cutAround(span, at, BYTES_BEFORE, BYTES_AFTER)}"`;
}

/** The same without quotes, of some 120 bytes: for a line that stands by itself. */
export function wideExcerpt(span: Span, at: number): string {
  return cutAround(span, at, WIDE_BEFORE, WIDE_AFTER);
}

function cutAround({ bytes, start, end }: Span, at: number, before: number, after: number): string {
  const from = backToCharacter(bytes, Math.max(start, at - before), start);
  const to = at + after >= end ? end : backToCharacter(bytes, at + after, at);
  return `${from > start ? '…' : ''}${visibleText(bytes.subarray(from, to))}${to < end ? '…' : ''}`;
}

/** The start of the UTF-8 character that `at` stands in, not before `floor`. */
function backToCharacter(bytes: Uint8Array, at: number, floor: number): number {
  for (let i = at; i > at - 4 && i >= floor; i -= 1) {
    if (((bytes[i] ?? 0) & 0xc0) !== 0x80) return i;
  }
  return at;
}

/** Where two spans first differ, counted from their starts; the length of the shorter when it begins the other. */
export function commonLength(a: Span, b: Span): number {
  const shorter = Math.min(a.end - a.start, b.end - b.start);
  for (let i = 0; i < shorter; i += 1) {
    if (a.bytes[a.start + i] !== b.bytes[b.start + i]) return i;
  }
  return shorter;
}
