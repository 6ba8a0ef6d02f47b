import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { WayForRequests } from '../../../src/queue/way-for-requests.js';

const nothing = (): void => undefined;

let way: WayForRequests;
beforeEach(() => {
  vi.useFakeTimers();
  way = new WayForRequests();
});
afterEach(() => {
  vi.useRealTimers();
});

/** Begins to take so many submissions in; returns what ends each. */
function crowd(count: number): (() => void)[] {
  return Array.from({ length: count }, () => {
    let end = nothing;
    const work = new Promise<void>((resolve) => (end = resolve));
    way.during(() => work).catch(nothing);
    return end;
  });
}

/** Asks for the way, and tells whether it is clear by now. */
function ask(): { isClear: boolean } {
  const asked = { isClear: false };
  way
    .isClear()
    .then(() => (asked.isClear = true))
    .catch(nothing);
  return asked;
}

describe('WayForRequests', () => {
  it('is clear while at most two hand in', async () => {
    crowd(2);
    const asked = ask();
    await vi.advanceTimersByTimeAsync(0);
    expect(asked.isClear).toBe(true);
  });

  it('makes grading wait while more hand in, and lets it go as soon as few are left', async () => {
    const [first] = crowd(3);
    const asked = ask();
    await vi.advanceTimersByTimeAsync(100);
    expect(asked.isClear).toBe(false);
    first?.();
    await vi.advanceTimersByTimeAsync(0);
    expect(asked.isClear).toBe(true);
  });

  it('does not make grading wait for ever where the crowd does not end', async () => {
    crowd(10);
    const asked = ask();
    await vi.advanceTimersByTimeAsync(249);
    expect(asked.isClear).toBe(false);
    await vi.advanceTimersByTimeAsync(1);
    expect(asked.isClear).toBe(true);
  });

  it('counts what fails as over', async () => {
    const failing = [1, 2, 3].map(() => way.during(() => Promise.reject(new Error('refused on purpose'))));
    await Promise.allSettled(failing);
    const asked = ask();
    await vi.advanceTimersByTimeAsync(0);
    expect(asked.isClear).toBe(true);
  });
});
