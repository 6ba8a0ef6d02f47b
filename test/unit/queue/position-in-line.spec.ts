import { describe, expect, it } from 'vitest';
import { flowOf } from '../../../src/queue/flow.js';
import { positionInLine } from '../../../src/queue/position-in-line.js';

const own = flowOf('interactive', 'a');
const other = flowOf('interactive', 'b');

describe('the position of a run', () => {
  it('is 1 where nobody goes before it', () => {
    expect(positionInLine({ flow: own, weight: 1, before: 0 }, [])).toBe(1);
    expect(positionInLine({ flow: own, weight: 1, before: 0 }, [{ flow: own, waiting: 500, weight: 1 }])).toBe(1);
  });

  it('counts those before it in its own course', () => {
    expect(positionInLine({ flow: own, weight: 1, before: 4 }, [{ flow: own, waiting: 9, weight: 1 }])).toBe(5);
  });

  it('counts of another course as many as get their turn meanwhile, by weight and as long as it has any', () => {
    const behindNine = { flow: own, weight: 1, before: 9 };
    expect(positionInLine(behindNine, [{ flow: other, waiting: 10_000, weight: 1 }])).toBe(10 + 9);
    expect(positionInLine(behindNine, [{ flow: other, waiting: 10_000, weight: 3 }])).toBe(10 + 28);
    expect(positionInLine(behindNine, [{ flow: other, waiting: 3, weight: 3 }])).toBe(10 + 3);
    expect(positionInLine({ ...behindNine, weight: 10 }, [{ flow: other, waiting: 99, weight: 1 }])).toBe(10);
  });

  it('counts all of the classes before its own, and none of those behind', () => {
    const flows = [
      { flow: own, waiting: 7, weight: 1 },
      { flow: flowOf('rejudge', 'a'), waiting: 100, weight: 1 },
    ];
    expect(positionInLine({ flow: flowOf('late', 'a'), weight: 1, before: 2 }, flows)).toBe(7 + 3);
  });
});
