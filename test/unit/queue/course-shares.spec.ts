import { describe, expect, it } from 'vitest';
import { CourseShares } from '../../../src/queue/course-shares.js';

/** How often each flow was chosen in so many turns in which all of them waited. */
function share(shares: CourseShares, weights: Readonly<Record<string, number>>, turns: number): Record<string, number> {
  const flows = Object.keys(weights);
  const counts: Record<string, number> = Object.fromEntries(flows.map((flow) => [flow, 0]));
  for (let turn = 0; turn < turns; turn += 1) {
    const flow = shares.first(flows) ?? '';
    shares.charge(flow, weights[flow] ?? 1);
    counts[flow] = (counts[flow] ?? 0) + 1;
  }
  return counts;
}

describe('courses that all wait', () => {
  it('get the same number of turns where they weigh the same', () => {
    expect(share(new CourseShares(), { a: 1, b: 1, c: 1 }, 30)).toEqual({ a: 10, b: 10, c: 10 });
  });

  it('get turns by weight, and at no time one is further ahead than its weight and one turn allow', () => {
    const [shares, counts] = [new CourseShares(), { a: 0, b: 0 }];
    for (let turn = 0; turn < 200; turn += 1) {
      const got = share(shares, { a: 3, b: 1 }, 1);
      counts.a += got['a'] ?? 0;
      counts.b += got['b'] ?? 0;
      expect(Math.abs(counts.a / 3 - counts.b / 1)).toBeLessThanOrEqual(1 / 3 + 1);
    }
    expect(counts).toEqual({ a: 150, b: 50 });
  });
});

describe('a course that comes later', () => {
  it('is next or next but one, however many turns the others have had', () => {
    const shares = new CourseShares();
    share(shares, { a: 1 }, 10_000);
    const counts = share(shares, { a: 1, b: 1 }, 2);
    expect(counts).toEqual({ a: 1, b: 1 });
  });

  it('is owed nothing for the time in which nothing of it waited', () => {
    const shares = new CourseShares();
    share(shares, { a: 1, b: 1 }, 10);
    share(shares, { a: 1 }, 1_000);
    const counts = share(shares, { a: 1, b: 1 }, 20);
    expect(Math.abs((counts['a'] ?? 0) - (counts['b'] ?? 0))).toBeLessThanOrEqual(2);
  });
});

it('says that it is nobody’s turn where nobody waits', () => {
  expect(new CourseShares().first([])).toBeUndefined();
});
