import { validate, version } from 'uuid';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { newId } from '../../../src/database/new-id.js';
import { instantOfId } from '../../../src/submissions/files-key.js';

const many = (count: number): string[] => Array.from({ length: count }, () => newId());

describe('new ids', () => {
  afterEach(() => vi.useRealTimers());

  it('are UUIDs of version 7 that tell when they were made', () => {
    const before = Date.now();
    const ids = many(1_000);
    const after = Date.now();
    for (const id of ids) {
      expect(validate(id) && version(id)).toBe(7);
      const instant = instantOfId(id).getTime();
      expect(instant >= before && instant <= after).toBe(true);
    }
  });

  it('are unique and rise, also within a millisecond', () => {
    vi.useFakeTimers({ now: Date.now() });
    const ids = many(5_000);
    vi.advanceTimersByTime(1);
    ids.push(...many(5_000));
    expect(new Set(ids).size).toBe(10_000);
    expect(ids.toSorted()).toEqual(ids);
  });

  it('rise also while the clock goes backwards', () => {
    vi.useFakeTimers({ now: Date.now() });
    const ids = many(10);
    vi.setSystemTime(Date.now() - 60_000);
    ids.push(...many(10));
    expect(ids.toSorted()).toEqual(ids);
  });

  it('have no random bytes in common', () => {
    vi.useFakeTimers({ now: Date.now() });
    const tails = many(2_000).map((id) => id.slice(24));
    expect(new Set(tails).size).toBe(2_000);
  });
});
