import { describe, expect, it } from 'vitest';
import { FreshFiles } from '../../../src/submissions/fresh-files.js';

const MIB = 1024 * 1024;
const filesOf = (bytes: number) => [{ path: 'main.py', content: Buffer.alloc(bytes) }];

describe('files of new submissions', () => {
  it('are handed over once, as they are', () => {
    const fresh = new FreshFiles({ role: 'all' });
    const files = filesOf(10);
    fresh.offer('one', files);
    expect(fresh.take('two')).toBeNull();
    expect(fresh.take('one')).toBe(files);
    expect(fresh.take('one')).toBeNull();
  });

  it('are not kept where nobody in the process grades', () => {
    const fresh = new FreshFiles({ role: 'api' });
    fresh.offer('one', filesOf(10));
    expect(fresh.take('one')).toBeNull();
  });

  it('are forgotten, the oldest first, when together they hold too much', () => {
    const fresh = new FreshFiles({ role: 'all' });
    const keys = Array.from({ length: 8 }, (_, index) => `${index}`);
    for (const key of keys) fresh.offer(key, filesOf(3 * MIB));
    expect(keys.filter((key) => fresh.take(key) !== null)).toEqual(['3', '4', '5', '6', '7']);
  });

  it('are forgotten, the oldest first, when there are too many', () => {
    const fresh = new FreshFiles({ role: 'all' });
    for (let index = 0; index < 3_000; index += 1) fresh.offer(`${index}`, filesOf(0));
    expect([fresh.take('999'), fresh.take('1000')].map((files) => files?.length)).toEqual([undefined, 1]);
  });

  it('are left to the storage when they are large, and take no room from others', () => {
    const fresh = new FreshFiles({ role: 'all' });
    fresh.offer('small', filesOf(10));
    fresh.offer('large', filesOf(5 * MIB));
    expect(fresh.take('large')).toBeNull();
    expect(fresh.take('small')).not.toBeNull();
  });
});
