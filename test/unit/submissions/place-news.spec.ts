import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { pauseAt, PlaceNews } from '../../../src/submissions/place-news.js';
import type { WaitEstimate } from '../../../src/submissions/wait-estimates.js';

const at = (position: number): WaitEstimate => ({ position, estimatedWaitMs: null });

let place: WaitEstimate | null;
let asked: number;
let rung: number;
let news: PlaceNews | undefined;

function watch(told: WaitEstimate | null): PlaceNews {
  news = new PlaceNews(
    told,
    () => {
      asked += 1;
      return Promise.resolve(place);
    },
    () => (rung += 1),
  );
  return news;
}

beforeEach(() => {
  vi.useFakeTimers();
  asked = 0;
  rung = 0;
});
afterEach(() => {
  news?.stop();
  vi.useRealTimers();
});

describe('PlaceNews', () => {
  it('tells a new position once, and nothing while it stays', async () => {
    const one = watch(at(3));
    place = at(3);
    await vi.advanceTimersByTimeAsync(2_000);
    expect(await one.take()).toBeNull();
    place = at(2);
    await vi.advanceTimersByTimeAsync(2_000);
    expect(await one.take()).toEqual(at(2));
    await vi.advanceTimersByTimeAsync(2_000);
    expect(await one.take()).toBeNull();
    expect(rung).toBe(3);
  });

  it('does not ask before it is time, however often it is woken', async () => {
    const one = watch(at(3));
    for (let turn = 0; turn < 10; turn += 1) expect(await one.take()).toBeNull();
    expect(asked).toBe(0);
  });

  it('tells a watcher who knows no position the first that it finds', async () => {
    const one = watch(null);
    place = at(7);
    await vi.advanceTimersByTimeAsync(2_000);
    expect(await one.take()).toEqual(at(7));
  });

  it('tells nothing of a run that does not wait', async () => {
    const one = watch(at(1));
    place = null;
    await vi.advanceTimersByTimeAsync(2_000);
    expect(await one.take()).toBeNull();
  });

  it('asks again after the database could not be asked', async () => {
    const ask = vi.fn<() => Promise<WaitEstimate | null>>();
    ask.mockRejectedValueOnce(new Error('away on purpose')).mockResolvedValue(at(1));
    news = new PlaceNews(at(2), ask, () => undefined);
    await vi.advanceTimersByTimeAsync(2_000);
    expect(await news.take()).toBeNull();
    await vi.advanceTimersByTimeAsync(2_000);
    expect(await news.take()).toEqual(at(1));
  });

  it('is quiet once it was stopped', async () => {
    watch(at(1)).stop();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(rung).toBe(0);
  });
});

describe('the pause between two looks', () => {
  it.each([
    [null, 2_000],
    [1, 2_000],
    [20, 2_000],
    [100, 10_000],
    [5_000, 30_000],
  ])('at position %s is %d ms', (position, pauseMs) => {
    expect(pauseAt(position)).toBe(pauseMs);
  });
});
