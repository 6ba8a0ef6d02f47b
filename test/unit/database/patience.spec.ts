import { setImmediate as endOfLoopTurn } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Patience } from '../../../src/database/patience.js';

describe('patience', () => {
  describe('while the process runs', () => {
    beforeEach(() => {
      vi.useFakeTimers();
    });
    afterEach(() => {
      vi.useRealTimers();
    });

    it('ends, once, for each wait after its own time', async () => {
      const patience = new Patience();
      const ended: string[] = [];
      patience.begin(2_000, () => ended.push('long'));
      patience.begin(1_000, () => ended.push('short'));
      await vi.advanceTimersByTimeAsync(900);
      expect(ended).toEqual([]);
      await vi.advanceTimersByTimeAsync(400);
      expect(ended).toEqual(['short']);
      await vi.advanceTimersByTimeAsync(10_000);
      expect(ended).toEqual(['short', 'long']);
    });

    it('does not end for what has come, and keeps no timer for nobody', async () => {
      const patience = new Patience();
      const giveUp = vi.fn<() => void>();
      const end = patience.begin(1_000, giveUp);
      await vi.advanceTimersByTimeAsync(500);
      end();
      end();
      await vi.advanceTimersByTimeAsync(10_000);
      expect(giveUp).not.toHaveBeenCalled();
      expect(vi.getTimerCount()).toBe(0);
      patience.begin(1_000, giveUp);
      await vi.advanceTimersByTimeAsync(2_000);
      expect(giveUp).toHaveBeenCalledTimes(1);
    });
  });

  it('outlasts a time in which the process itself stood still', async () => {
    const patience = new Patience();
    const giveUp = vi.fn<() => void>();
    const end = patience.begin(1_000, giveUp);
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 2_500);
    // An answer that came meanwhile is read before the next tick.
    await endOfLoopTurn();
    end();
    expect(giveUp).not.toHaveBeenCalled();
  });
});
