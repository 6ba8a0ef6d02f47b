import { describe, expect, it } from 'vitest';
import { Wakeup } from '../../../src/submissions/wakeup.js';

describe('Wakeup', () => {
  it('wakes a sleeper', async () => {
    const wakeup = new Wakeup(new AbortController().signal);
    const sleep = wakeup.wait();
    wakeup.ring();
    await expect(sleep).resolves.toBeUndefined();
  });

  it('remembers one ring while nobody sleeps', async () => {
    const wakeup = new Wakeup(new AbortController().signal);
    wakeup.ring();
    wakeup.ring();
    await wakeup.wait();
    let isAwake = false;
    const second = wakeup.wait().then(() => (isAwake = true));
    await Promise.resolve();
    expect(isAwake).toBe(false);
    wakeup.ring();
    await second;
  });

  it('wakes when the signal fires, and at once when it had fired', async () => {
    const controller = new AbortController();
    const sleep = new Wakeup(controller.signal).wait();
    controller.abort();
    await sleep;
    await expect(new Wakeup(controller.signal).wait()).resolves.toBeUndefined();
  });
});
