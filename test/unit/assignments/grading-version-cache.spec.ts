import { describe, expect, it } from 'vitest';
import { charactersOf, GradingVersionCache } from '../../../src/assignments/grading-version-cache.js';
import type { GradingVersion } from '../../../src/assignments/grading-version.entity.js';
import { DEFAULT_LIMITS } from '../../../src/grading/limits.js';

function version(number: number, text = ''): GradingVersion {
  return {
    id: `id-${number}`,
    assignmentId: 'assignment',
    number,
    source: { text },
    document: {
      runtime: 'python',
      runtimes: null,
      entrypoint: null,
      requiredFiles: [],
      files: [],
      build: null,
      limits: DEFAULT_LIMITS,
      runner: 'auto',
      reuse: 'submission',
      systemSitePackages: false,
      stopOnFailure: false,
      tests: [],
      groups: [],
    },
    maxPoints: 0,
    createdById: 'user',
    createdAt: new Date(0),
  };
}

const key = (number: number) => ({ assignmentId: 'assignment', number });

describe('GradingVersionCache', () => {
  it('gives back what it was given, by assignment and number', () => {
    const cache = new GradingVersionCache();
    const one = version(1);
    cache.add(one);
    cache.add(version(1));
    expect(cache.get(key(1))).toBe(one);
    expect(cache.get(key(2))).toBeNull();
    expect(cache.get({ assignmentId: 'other', number: 1 })).toBeNull();
  });

  it('forgets what was used least recently when there are too many', () => {
    const cache = new GradingVersionCache(1_000_000, 2);
    cache.add(version(1));
    cache.add(version(2));
    cache.get(key(1));
    cache.add(version(3));
    expect([1, 2, 3].map((number) => cache.get(key(number)) !== null)).toEqual([true, false, true]);
  });

  it('forgets when they are too large together, and does not keep what is too large alone', () => {
    const small = charactersOf(version(1));
    const cache = new GradingVersionCache(small * 2 + 10, 100);
    cache.add(version(1));
    cache.add(version(2));
    cache.add(version(3));
    expect([1, 2, 3].map((number) => cache.get(key(number)) !== null)).toEqual([false, true, true]);
    cache.add(version(4, 'x'.repeat(small * 3)));
    expect([2, 3, 4].map((number) => cache.get(key(number)) !== null)).toEqual([false, false, false]);
    cache.add(version(5));
    expect(cache.get(key(5))).not.toBeNull();
  });
});
