import { describe, expect, it } from 'vitest';
import { planArrivals } from '../../../scripts/chaos/arrivals.mjs';
import { randomFrom } from '../../../scripts/chaos/random.mjs';

const plan = (seed: number) => planArrivals({ random: randomFrom(seed), perSecond: 4, durationMs: 600_000, people: 8 });

describe('the open load of npm run chaos', () => {
  it('is the same for the same seed, and another for another', () => {
    expect(plan(7)).toEqual(plan(7));
    expect(plan(7)).not.toEqual(plan(8));
  });

  it('keeps its rate, in order and within its time', () => {
    const arrivals = plan(1);
    const times = arrivals.map(({ atMs }) => atMs);
    expect(times).toEqual([...times].sort((one, other) => one - other));
    expect(Math.max(...times)).toBeLessThan(600_000);
    // 2,400 are expected; for this seed the number is fixed.
    expect(arrivals.length).toBeGreaterThan(2_200);
    expect(arrivals.length).toBeLessThan(2_600);
  });

  it('mixes people, programs, forms and clients', () => {
    const arrivals = plan(2);
    expect(new Set(arrivals.map(({ person }) => person))).toEqual(new Set([0, 1, 2, 3, 4, 5, 6, 7]));
    expect(new Set(arrivals.map(({ program }) => program))).toEqual(
      new Set(['right', 'wrong', 'slow', 'crashing', 'many']),
    );
    const share = (of: (arrival: (typeof arrivals)[number]) => boolean) => arrivals.filter(of).length / arrivals.length;
    expect(share(({ form }) => form === 'multipart')).toBeCloseTo(1 / 3, 1);
    expect(share(({ hasKey }) => hasKey)).toBeCloseTo(5 / 6, 1);
  });
});

describe('randomFrom', () => {
  it('fills the whole of [0, 1)', () => {
    const random = randomFrom(3);
    const values = Array.from({ length: 10_000 }, random);
    expect(Math.min(...values)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...values)).toBeLessThan(1);
    const tenths = Array.from({ length: 10 }, () => 0);
    for (const value of values) tenths[Math.floor(value * 10)] = (tenths[Math.floor(value * 10)] ?? 0) + 1;
    expect(Math.min(...tenths)).toBeGreaterThan(900);
  });
});
