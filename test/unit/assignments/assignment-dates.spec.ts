import { describe, expect, it } from 'vitest';
import { dateOrderFaults } from '../../../src/assignments/assignment-dates.js';

const day = (number: number): Date => new Date(Date.UTC(2026, 8, number));

describe('dateOrderFaults', () => {
  it.each([
    [null, null, null, []],
    [day(1), day(2), day(3), []],
    [day(1), day(1), day(1), []],
    [null, day(2), null, []],
    [day(2), day(1), null, ['/dueAt']],
    [null, day(2), day(1), ['/closesAt']],
    [day(2), null, day(1), ['/closesAt']],
    [day(3), day(1), day(2), ['/dueAt', '/closesAt']],
  ])('of %s, %s, %s are %j', (opensAt, dueAt, closesAt, paths) => {
    expect(dateOrderFaults({ opensAt, dueAt, closesAt }).map(({ path }) => path)).toEqual(paths);
  });
});
