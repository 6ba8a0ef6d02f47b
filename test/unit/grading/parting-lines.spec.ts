import { describe, expect, it } from 'vitest';
import { check } from '../../../src/grading/checker.js';
import type { CompareMode } from '../../../src/grading/compare-options.js';
import { judgeProgram } from '../../../src/grading/judge-program.js';
import { partingLines } from '../../../src/grading/parting-lines.js';
import { bytes, expectation, programRun, programTest } from './builders.js';

/** Where `actual` parts from `expected`, as lines. */
function lines(expected: string, actual: string | Uint8Array, compare: CompareMode = 'exact'): string[] | null {
  const got = typeof actual === 'string' ? bytes(actual) : actual;
  const found = check({ compare, caseSensitive: true, floatTolerance: null }, expected, got);
  if (found.matches || found.at === undefined) throw new Error('they do not part');
  return partingLines(bytes(expected), got, found.at)?.split('\n') ?? null;
}

const message = (stdout: string, actual: string) =>
  judgeProgram(programTest({ expect: expectation({ stdout }) }), programRun({ stdout: bytes(actual) })).message;

describe('partingLines', () => {
  it('shows the lines around the first that differs, of both, with their numbers', () => {
    expect(lines('a\nb\nc\nd\ne\nf\n', 'a\nb\nc\nX\ne\nf\n')).toEqual([
      'Expected:',
      '  2 | b↵',
      '  3 | c↵',
      '> 4 | d↵',
      '  5 | e↵',
      '  6 | f↵',
      'Got:',
      '  2 | b↵',
      '  3 | c↵',
      '> 4 | X↵',
      '  5 | e↵',
      '  6 | f↵',
    ]);
  });

  it.each([
    ['a tab', 'a\tb', 'a→b'],
    ['spaces at the end', 'ab  ', 'ab··'],
    ['a no-break space', 'a\u{a0}b', 'a\\u{a0}b'],
    ['a carriage return', 'ab\r', 'ab\\r'],
    ['a zero-width space', 'a\u{200b}b', 'a\\u{200b}b'],
    ['a byte order mark', '\u{feff}ab', '\\u{feff}ab'],
    ['a soft hyphen', 'a\u{ad}b', 'a\\u{ad}b'],
    ['a direction mark', 'a\u{202e}b', 'a\\u{202e}b'],
  ])('makes %s visible', (_, written, seen) => {
    expect(lines('x\nab\n', `x\n${written}\n`)).toEqual([
      'Expected:',
      '  1 | x↵',
      '> 2 | ab↵',
      'Got:',
      '  1 | x↵',
      `> 2 | ${seen}↵`,
    ]);
  });

  it('says that the last line has no line break, or that the output is over', () => {
    expect(lines('a\nb\n', 'a\nb')?.slice(-2)).toEqual(['  1 | a↵', '> 2 | b (the end, without a line break)']);
    expect(lines('a\nb\n', 'a\n')?.slice(-2)).toEqual(['  1 | a↵', '> 2 | (the end)']);
    expect(lines('a\nb\n', '')?.slice(-1)).toEqual(['> 1 | (the end)']);
    expect(lines('a\n', 'a\nb\n')?.slice(0, 3)).toEqual(['Expected:', '  1 | a↵', '> 2 | (the end)']);
  });

  it('marks the lines in which words part, which need not be the same', () => {
    expect(lines('1 2\n3 4\n', '1\n2\n3\n5\n', 'tokens')).toEqual([
      'Expected:',
      '  1 | 1·2↵',
      '> 2 | 3·4↵',
      'Got:',
      '  2 | 2↵',
      '  3 | 3↵',
      '> 4 | 5↵',
    ]);
    expect(lines('1\n2\n', '1\n', 'tokens')?.slice(-1)).toEqual(['> 2 | (the end)']);
  });

  it('marks the line of trimmed output, white space at ends of lines or not', () => {
    expect(lines('a\nb\nc\n', 'a  \nb\t\nx\n\n', 'trimmed')?.slice(-5)).toEqual([
      'Got:',
      '  1 | a··↵',
      '  2 | b→↵',
      '> 3 | x↵',
      '  4 | ↵',
    ]);
  });

  it('says nothing more of single lines', () => {
    expect(lines('a\n', 'b')).toBeNull();
    expect(lines('a', '')).toBeNull();
  });

  it('stays short whatever the texts hold', () => {
    const long = `${'\u{1}'.repeat(100_000)}\n`.repeat(9);
    const shown = lines(long, `${long}x`)?.join('\n') ?? '';
    expect(shown.length).toBeLessThan(8_000);
    expect(shown.split('\n').length).toBeLessThanOrEqual(12);
    expect(lines('a\nb\n', Uint8Array.of(0x61, 0x0a, 0xff, 0xfe))?.at(-1)).toMatch(/^> 2 \| \\xff\\xfe/);
  });
});

describe('the message of a program test', () => {
  it('has a sentence, and below it the lines', () => {
    expect(message('a\nb\n', 'a\nc\n')?.split('\n')).toEqual([
      'Standard output: expected "b" on line 2, got "c"',
      'Expected:',
      '  1 | a↵',
      '> 2 | b↵',
      'Got:',
      '  1 | a↵',
      '> 2 | c↵',
    ]);
    expect(message('a', 'b')).toBe('Standard output: expected "a" on line 1, got "b"');
  });
});
