import { describe, expect, it } from 'vitest';
import { gradebookCsv, gradebookFileName } from '../../../src/gradebook/gradebook-csv.js';
import { gradebookRow } from '../../../src/gradebook/gradebook-row.js';

describe('gradebookCsv', () => {
  it('reads some students at a time, and all of them', async () => {
    const students = Array.from({ length: 5 }, (_, number) => ({ id: `${number}`, name: `N${number}`, email: 'e' }));
    const asked: number[] = [];
    let text = '';
    for await (const part of gradebookCsv(
      [],
      students,
      (some) => {
        asked.push(some.length);
        return Promise.resolve(some.map(() => gradebookRow([], [])));
      },
      2,
    )) {
      text += part;
    }
    expect(asked).toEqual([2, 2, 1]);
    expect(text.split('\r\n')).toHaveLength(7);
    expect(text).toContain('"4","N4","e",0,0\r\n');
  });
});

describe('gradebookFileName', () => {
  it.each([
    ['BACKEND-101', 'gradebook-BACKEND-101.csv'],
    ['a/b\\c "d"', 'gradebook-a-b-c-d.csv'],
    ['../..', 'gradebook.csv'],
    ['課', 'gradebook.csv'],
  ])('of %j is %j', (code, name) => {
    expect(gradebookFileName(code)).toBe(name);
  });
});
