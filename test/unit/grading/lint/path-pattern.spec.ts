import { describe, expect, it } from 'vitest';
import { pathMatches, pathPatternFault } from '../../../../src/grading/lint/path-pattern.js';
import { isNamed } from '../../../../src/grading/lint/rule-pattern.js';

describe('pathMatches', () => {
  it.each([
    ['*.py', 'main.py', true],
    ['*.py', 'src/main.py', false],
    ['**/*.py', 'main.py', true],
    ['**/*.py', 'a/b/main.py', true],
    ['**', 'a/b', true],
    ['src/**', 'src', true],
    ['src/**/x', 'src/x', true],
    ['src/**/x', 'src/a/b/x', true],
    ['src/**/x', 'src/a/b/y', false],
    ['a?.txt', 'ab.txt', true],
    ['a?.txt', 'a/.txt', false],
    ['a*b*c', 'aXbYbZc', true],
    ['a*b*c', 'aXbYbZ', false],
    ['a[bc].txt', 'ab.txt', false],
    ['a[bc].txt', 'a[bc].txt', true],
    ['**/Dockerfile', 'Dockerfile', true],
  ])('%s for %s: %s', (pattern, path, expected) => {
    expect(pathMatches(pattern, path)).toBe(expected);
  });

  it('ends soon where a pattern has many stars', () => {
    expect(pathMatches(`${'*a'.repeat(60)}b`, 'a'.repeat(250))).toBe(false);
    expect(pathMatches(`${'**/'.repeat(30)}x`, Array(40).fill('a').join('/'))).toBe(false);
  });
});

describe('pathPatternFault', () => {
  it.each(['../*.py', '/etc/*', 'a**b/c', '', 'a//b'])('refuses %j', (pattern) => {
    expect(pathPatternFault(pattern)).not.toBeNull();
  });

  it.each(['**/*.py', 'src/**', 'a?b'])('takes %j', (pattern) => {
    expect(pathPatternFault(pattern)).toBeNull();
  });
});

describe('isNamed', () => {
  it('takes * for any part of a rule, and no other sign for anything but itself', () => {
    expect(isNamed(['E5*'], 'E501')).toBe(true);
    expect(isNamed(['E5'], 'E501')).toBe(false);
    expect(isNamed(['W1', '*'], 'import/no-cycle')).toBe(true);
    expect(isNamed(['E50?'], 'E501')).toBe(false);
  });
});
