import { describe, expect, it } from 'vitest';
import { SharedFlush } from '../../../src/storage/shared-flush.js';

const settle = () => new Promise((resolve) => setImmediate(resolve));

/** Flushes that end when the test says so. */
function heldFlushes() {
  const begun: { folder: string; end: () => void; fail: () => void }[] = [];
  const flush = new SharedFlush(
    (folder) =>
      new Promise((resolve, reject) => begun.push({ folder, end: resolve, fail: () => reject(new Error('refused')) })),
  );
  return { flush, begun };
}

describe('flushes of a folder', () => {
  it('begin at once, and serve nobody who asks after they began', async () => {
    const { flush, begun } = heldFlushes();
    const first = flush.run('a');
    expect(begun).toHaveLength(1);
    let isSecondDone = false;
    const second = flush.run('a').then(() => (isSecondDone = true));
    begun[0]?.end();
    await first;
    await settle();
    expect([begun.length, isSecondDone]).toEqual([2, false]);
    begun[1]?.end();
    await second;
  });

  it('are shared by all who ask while one is under way', async () => {
    const { flush, begun } = heldFlushes();
    const first = flush.run('a');
    const others = Array.from({ length: 10 }, () => flush.run('a'));
    begun[0]?.end();
    await first;
    await settle();
    begun[1]?.end();
    await Promise.all(others);
    expect(begun).toHaveLength(2);
  });

  it('begin anew after the last, also after one that failed, of which only those hear who wait for it', async () => {
    const { flush, begun } = heldFlushes();
    const first = flush.run('a').catch((error: unknown) => error);
    const second = flush.run('a');
    begun[0]?.fail();
    expect(await first).toEqual(new Error('refused'));
    await settle();
    begun[1]?.end();
    await second;
    await settle();
    const third = flush.run('a');
    expect(begun).toHaveLength(3);
    begun[2]?.end();
    await third;
  });

  it('do not wait for other folders', async () => {
    const { flush, begun } = heldFlushes();
    const both = [flush.run('a'), flush.run('b')];
    expect(begun.map(({ folder }) => folder)).toEqual(['a', 'b']);
    for (const { end } of begun) end();
    await Promise.all(both);
  });
});
