import { describe, expect, it } from 'vitest';
import { plotRecoveries, recoveriesOf, slowRecoveries, summariseRecoveries } from '../../../scripts/chaos/recovery.mjs';
import { renderTable, type RowResult } from '../../../scripts/chaos/table.mjs';

const count = (length: number, value: (index: number) => number) => Array.from({ length }, (_, index) => value(index));

describe('recoveriesOf', () => {
  it('measures from a fault to the last end of what was on its way', () => {
    const submissions = [
      { sentAt: 0, endedAt: 900 },
      { sentAt: 500, endedAt: 4_000 },
      { sentAt: 1_000, endedAt: 3_000 },
      { sentAt: 1_001, endedAt: 60_000 },
    ];
    expect(recoveriesOf([1_000], submissions)).toEqual([3]);
  });

  it('gives no figure for a fault that met nothing, and no end of the wait for what never ended', () => {
    expect(recoveriesOf([10, 2_000], [{ sentAt: 1_000, endedAt: null }])).toEqual([Infinity]);
  });
});

describe('summariseRecoveries', () => {
  it('takes the nearest rank', () => {
    expect(summariseRecoveries(count(100, (index) => 100 - index))).toEqual({ p50: 50, p95: 95, p100: 100 });
    expect(summariseRecoveries([4])).toEqual({ p50: 4, p95: 4, p100: 4 });
    expect(summariseRecoveries([])).toBeNull();
  });
});

describe('slowRecoveries', () => {
  it('holds the longest to 45 s, and of twenty or more the 95th percentile to 15 s', () => {
    expect(slowRecoveries([])).toEqual([]);
    expect(slowRecoveries([16, 45])).toEqual([]);
    expect(slowRecoveries([1, 45.1])).toEqual(['the longest recovery took 45.1 s, and 45 s are promised']);
    expect(slowRecoveries(count(20, () => 15))).toEqual([]);
    expect(slowRecoveries(count(20, (index) => (index < 2 ? 16 : 1)))).toEqual([
      'one recovery in twenty took 16.0 s, and 15 s are promised',
    ]);
    expect(slowRecoveries([Infinity])).toHaveLength(1);
  });
});

describe('plotRecoveries', () => {
  it('draws a bar for each class, as long as it is full', () => {
    const lines = plotRecoveries([0.5, 0.6, 2.5]).split('\n');
    expect(lines).toEqual([`  0 to 1 s  ${'█'.repeat(40)} 2`, '  1 to 2 s   0', `  2 to 3 s  ${'█'.repeat(20)} 1`]);
    expect(plotRecoveries([])).toBe('');
  });
});

describe('renderTable', () => {
  const held: RowResult = {
    row: '1',
    what: 'a worker is killed',
    rounds: 3,
    accepted: 120,
    lost: 0,
    doubled: 0,
    recoveries: [1, 2, 12.34],
    outcome: 'held',
    why: [],
  };

  it('shows what was done and what came out', () => {
    const [, , line] = renderTable([held]).split('\n');
    expect(line).toMatch(
      /^\|\s+1 \| a worker is killed \|\s+3 \|\s+120 \|\s+0 \|\s+0 \|\s+2\.0 \|\s+12\.3 \|\s+12\.3 \| held\s+\|$/,
    );
  });

  it('says below what was missed and what was not run, and shows no figures of the latter', () => {
    const missed: RowResult = {
      ...held,
      row: '5',
      lost: 1,
      recoveries: [Infinity],
      outcome: 'missed',
      why: ['x is lost'],
    };
    const notRun: RowResult = { ...held, row: '16', outcome: 'not run', why: ['no libfaketime'] };
    const text = renderTable([held, missed, notRun]);
    expect(text).toContain('never');
    expect(text.split('\n').slice(-3)).toEqual(['', 'row 5 missed: x is lost', 'row 16 not run: no libfaketime']);
    expect(text.split('\n').find((line) => /\|\s+16 \|/.test(line))).not.toContain('120');
  });
});
