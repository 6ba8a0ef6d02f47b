import { describe, expect, it } from 'vitest';
import { laneOf } from '../../../src/queue/lane.js';
import { positionInLine } from '../../../src/queue/position-in-line.js';

const own = laneOf('interactive', 'a');
const other = laneOf('interactive', 'b');

describe('the position of a run', () => {
  it('is 1 where nobody goes before it', () => {
    expect(positionInLine({ lane: own, weight: 1, before: 0 }, [])).toBe(1);
    expect(positionInLine({ lane: own, weight: 1, before: 0 }, [{ lane: own, waiting: 500, weight: 1 }])).toBe(1);
  });

  it('counts those before it in its own course', () => {
    expect(positionInLine({ lane: own, weight: 1, before: 4 }, [{ lane: own, waiting: 9, weight: 1 }])).toBe(5);
  });

  it('counts of another course as many as get their turn meanwhile, by weight and as long as it has any', () => {
    const behindNine = { lane: own, weight: 1, before: 9 };
    expect(positionInLine(behindNine, [{ lane: other, waiting: 10_000, weight: 1 }])).toBe(10 + 9);
    expect(positionInLine(behindNine, [{ lane: other, waiting: 10_000, weight: 3 }])).toBe(10 + 28);
    expect(positionInLine(behindNine, [{ lane: other, waiting: 3, weight: 3 }])).toBe(10 + 3);
    expect(positionInLine({ ...behindNine, weight: 10 }, [{ lane: other, waiting: 99, weight: 1 }])).toBe(10);
  });

  it('counts all of the classes before its own, and none of those behind', () => {
    const lanes = [
      { lane: own, waiting: 7, weight: 1 },
      { lane: laneOf('rejudge', 'a'), waiting: 100, weight: 1 },
    ];
    expect(positionInLine({ lane: laneOf('late', 'a'), weight: 1, before: 2 }, lanes)).toBe(7 + 3);
  });
});
