import { describe, expect, it } from 'vitest';
import { InProcessRunEvents } from '../../../src/events/in-process-run-events.js';
import { type RunEvent, testEventId } from '../../../src/events/run-events.js';

function testEvent(submissionId: string, position: number, stdout = ''): RunEvent {
  return { submissionId, runNumber: 1, id: testEventId(1, position), kind: 'test', data: { position, stdout } };
}

describe('InProcessRunEvents', () => {
  it('forgets the submissions that were quiet longest when it holds too much', async () => {
    const events = new InProcessRunEvents(10_000);
    for (let number = 0; number < 20; number += 1) await events.publish(testEvent(`s${number}`, 0, 'x'.repeat(1_000)));
    expect(await events.history('s0')).toEqual([]);
    expect(await events.history('s19')).toHaveLength(1);
  });

  it('counts an event that is said again once', async () => {
    const events = new InProcessRunEvents(10_000);
    await events.publish(testEvent('first', 0));
    for (let time = 0; time < 50; time += 1) await events.publish(testEvent('again', 0, 'x'.repeat(1_000)));
    expect(await events.history('first')).toHaveLength(1);
  });
});
