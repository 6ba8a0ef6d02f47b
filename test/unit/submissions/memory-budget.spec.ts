import { describe, expect, it } from 'vitest';
import { MemoryBudget } from '../../../src/submissions/memory-budget.js';

const turnOfTheLoop = () => new Promise((resolve) => setImmediate(resolve));

/** Runs pieces of work of these sizes, each until it is told to end. */
function startAll(budget: MemoryBudget, sizes: readonly number[]) {
  const running = new Set<number>();
  const ends = new Map<number, () => void>();
  const results = sizes.map((bytes, index) =>
    budget.run(bytes, async () => {
      running.add(index);
      await new Promise<void>((end) => ends.set(index, end));
      running.delete(index);
    }),
  );
  const end = async (index: number): Promise<void> => {
    ends.get(index)?.();
    await turnOfTheLoop();
  };
  return { results, end, running: () => [...running].sort((one, other) => one - other) };
}

describe('a budget of memory', () => {
  it('lets run what fits together, and the others in the order they came', async () => {
    const work = startAll(new MemoryBudget({ bytes: 100, freeBytes: 1, mostWaiting: 10 }), [60, 40, 50, 10, 60]);
    await turnOfTheLoop();
    expect(work.running()).toEqual([0, 1]);
    await work.end(1);
    expect(work.running()).toEqual([0]);
    await work.end(0);
    expect(work.running()).toEqual([2, 3]);
    await work.end(2);
    expect(work.running()).toEqual([3, 4]);
    await work.end(3);
    await work.end(4);
    await Promise.all(work.results);
  });

  it('lets in at once what is small, and what is larger than all of it alone', async () => {
    const work = startAll(new MemoryBudget({ bytes: 100, freeBytes: 5, mostWaiting: 10 }), [500, 5, 6, 1]);
    await turnOfTheLoop();
    expect(work.running()).toEqual([0, 1, 3]);
    await work.end(0);
    expect(work.running()).toEqual([1, 2, 3]);
    for (const index of [1, 2, 3]) await work.end(index);
    await Promise.all(work.results);
  });

  it('sends away who comes when too many wait', async () => {
    const budget = new MemoryBudget({ bytes: 10, freeBytes: 0, mostWaiting: 1 });
    const work = startAll(budget, [10, 10]);
    await expect(budget.run(10, () => Promise.resolve())).rejects.toMatchObject({ kind: 'unavailable', code: 'busy' });
    await work.end(0);
    await work.end(1);
    await Promise.all(work.results);
  });

  it('is free again after work that failed', async () => {
    const budget = new MemoryBudget({ bytes: 10, freeBytes: 0, mostWaiting: 1 });
    await expect(budget.run(10, () => Promise.reject(new Error('failed')))).rejects.toThrow('failed');
    await budget.run(10, () => Promise.resolve());
  });
});
