import { describe, expect, it } from 'vitest';
import { type RunEvent, statusEventId, terminalEventId, testEventId } from '../../../src/events/run-events.js';
import type { Visibility } from '../../../src/grading/grading-document.js';
import type { TestResult } from '../../../src/grading/test-result.js';
import { presentTestResult, type Viewer } from '../../../src/grading/visibility.js';
import { RunEventSequence, type RunSnapshot, type WatchedEvent } from '../../../src/submissions/run-event-sequence.js';

const RUN = 2;

function result(position: number, visibility: Visibility = 'visible'): TestResult {
  return {
    name: `test ${position}`,
    kind: 'program',
    verdict: 'accepted',
    points: 1,
    maxPoints: 1,
    timeMs: 10,
    wallMs: 20,
    memoryKiB: 30,
    exitCode: 0,
    signal: null,
    message: null,
    stdout: 'out',
    stderr: '',
    expected: 'out',
    cases: [{ name: 'one', verdict: 'accepted', points: 2, maxPoints: 2, message: null }],
    visibility,
  };
}

function live(position: number, visibility?: Visibility, runNumber = RUN): RunEvent {
  const data = { ...result(position, visibility), position };
  return { submissionId: 's', runNumber, id: testEventId(runNumber, position), kind: 'test', data };
}

function status(value: 'queued' | 'running', runNumber = RUN): RunEvent {
  return { submissionId: 's', runNumber, id: statusEventId(runNumber, value), kind: 'status', data: { status: value } };
}

const END: RunEvent = {
  submissionId: 's',
  runNumber: RUN,
  id: terminalEventId(RUN),
  kind: 'graded',
  data: { status: 'graded', score: 999 },
};

function rows(changes: Partial<RunSnapshot> = {}): RunSnapshot {
  return { status: 'queued', startedAt: null, verdict: null, score: null, maxScore: null, results: [], ...changes };
}

const graded = (results: readonly TestResult[]): RunSnapshot =>
  rows({ status: 'graded', startedAt: new Date(0), verdict: 'accepted', score: 3, maxScore: 4, results });

function sequenceFor(viewer: Viewer = 'student'): RunEventSequence {
  const context = { now: new Date(0), dueAt: null };
  return new RunEventSequence(RUN, (one, number) => presentTestResult(one, viewer, context, number));
}

/** Each event in short: what it is, and the last part of its id. */
function inShort(events: readonly WatchedEvent[]): string[] {
  return events.map(({ id, event, data }) => {
    const { name, status: told } = data as { name?: string; status?: string };
    return `${id - RUN * 1_000_000} ${event} ${name ?? told ?? ''}`;
  });
}

const BEGINNING = ['0 status queued', '1 status running'];

describe('RunEventSequence', () => {
  it('tells live events as they come', () => {
    const sequence = sequenceFor();
    expect(inShort(sequence.take())).toEqual(['0 status queued']);
    sequence.offer(status('running'));
    sequence.offer(live(0));
    expect(inShort(sequence.take())).toEqual(['1 status running', '2 test test 0']);
    sequence.offer(live(1));
    expect(inShort(sequence.take())).toEqual(['3 test test 1']);
    expect(sequence.isOver).toBe(false);
    sequence.settle(graded([result(0), result(1)]));
    expect(sequence.take()).toEqual([
      {
        id: terminalEventId(RUN),
        event: 'graded',
        data: { status: 'graded', verdict: 'accepted', score: 3, maxScore: 4 },
      },
    ]);
    expect(sequence.isOver).toBe(true);
  });

  it('tells everything from the rows alone, when all was over before', () => {
    const sequence = sequenceFor();
    sequence.settle(graded([result(0), result(1)]));
    expect(inShort(sequence.take())).toEqual([...BEGINNING, '2 test test 0', '3 test test 1', '999999 graded graded']);
  });

  it('holds a test back until those before it came', () => {
    const sequence = sequenceFor();
    sequence.offer(live(2));
    sequence.offer(live(1));
    expect(inShort(sequence.take())).toEqual(BEGINNING);
    sequence.offer(live(0));
    expect(inShort(sequence.take())).toEqual(['2 test test 0', '3 test test 1', '4 test test 2']);
  });

  it('fills from the rows what was lost, when the run has ended', () => {
    const sequence = sequenceFor();
    sequence.offer(live(0));
    sequence.offer(live(2));
    sequence.offer(END);
    expect(inShort(sequence.take())).toEqual([...BEGINNING, '2 test test 0']);
    sequence.settle(graded([result(0), result(1), result(2)]));
    expect(inShort(sequence.take())).toEqual(['3 test test 1', '4 test test 2', '999999 graded graded']);
  });

  it('tells each thing once, whoever says it again', () => {
    const sequence = sequenceFor();
    for (let time = 0; time < 3; time += 1) {
      sequence.offer(status('queued'));
      sequence.offer(status('running'));
      sequence.offer(live(0));
      sequence.settle(rows({ status: 'running', startedAt: new Date(0) }));
    }
    sequence.settle(graded([result(0)]));
    sequence.settle(graded([result(0)]));
    sequence.offer(live(1));
    expect(inShort(sequence.take())).toEqual([...BEGINNING, '2 test test 0', '999999 graded graded']);
  });

  it('goes on where it was when a second worker begins the run anew', () => {
    const sequence = sequenceFor();
    for (const event of [status('running'), live(0), live(1)]) sequence.offer(event);
    sequence.settle(rows({ status: 'queued', startedAt: null }));
    for (const event of [status('running'), live(0), live(1), live(2)]) sequence.offer(event);
    expect(inShort(sequence.take())).toEqual([...BEGINNING, '2 test test 0', '3 test test 1', '4 test test 2']);
  });

  it('neither tells nor counts secret tests to students', () => {
    const sequence = sequenceFor();
    sequence.offer(live(0));
    sequence.offer(live(1, 'secret'));
    sequence.offer(live(2, 'hidden'));
    sequence.settle(graded([result(0), result(1, 'secret'), result(2, 'hidden'), result(3, 'secret'), result(4)]));
    const told = sequence.take();
    expect(inShort(told)).toEqual([
      ...BEGINNING,
      '2 test test 0',
      '3 test test 2',
      '4 test test 4',
      '999999 graded graded',
    ]);
    expect(JSON.stringify(told)).not.toContain('secret');
    expect(told.map(({ data }) => data)).toContainEqual(
      expect.objectContaining({ position: 1, name: 'test 2', hidden: true, stdout: null, expected: null }),
    );
  });

  it('gives the same ids live and from the rows, so that a stream can be resumed', () => {
    const results = [result(0, 'secret'), result(1), result(2, 'secret'), result(3, 'after-due')];
    for (const viewer of ['student', 'staff'] as const) {
      const [one, other] = [sequenceFor(viewer), sequenceFor(viewer)];
      for (const [position, { visibility }] of results.entries()) one.offer(live(position, visibility));
      one.settle(graded(results));
      other.settle(graded(results));
      expect(one.take()).toEqual(other.take());
    }
  });

  it('tells all to staff', () => {
    const sequence = sequenceFor('staff');
    sequence.settle(graded([result(0, 'secret'), result(1)]));
    expect(inShort(sequence.take())).toEqual([...BEGINNING, '2 test test 0', '3 test test 1', '999999 graded graded']);
  });

  it('ends without tests when the run was cancelled while it waited', () => {
    const sequence = sequenceFor();
    sequence.settle(rows({ status: 'cancelled' }));
    expect(inShort(sequence.take())).toEqual(['0 status queued', '999999 status cancelled']);
    expect(sequence.isOver).toBe(true);
  });

  it('ends with what was told when the run failed', () => {
    const sequence = sequenceFor();
    sequence.offer(live(0));
    sequence.offer(live(2));
    sequence.settle(rows({ status: 'failed', startedAt: new Date(0), verdict: 'judge_error' }));
    expect(inShort(sequence.take())).toEqual([...BEGINNING, '2 test test 0', '999999 status failed']);
  });

  it('passes over events of other runs and what it cannot read', () => {
    const sequence = sequenceFor();
    sequence.offer(live(0, 'visible', 1));
    sequence.offer(status('running', 3));
    sequence.offer({ ...live(0), data: { position: 0, name: 'x' } });
    sequence.offer({ ...live(0), data: { ...result(0), visibility: 'unheard-of' } });
    for (const feedback of ['all', { now: ['name'] }, { now: ['name', 'unheard-of'], afterDue: [] }]) {
      sequence.offer({ ...live(0), data: { ...result(0), feedback } });
    }
    sequence.offer({ ...live(0), data: { ...result(0), kind: 'unheard-of' } });
    sequence.offer({ ...live(0), id: statusEventId(RUN, 'queued') });
    expect(inShort(sequence.take())).toEqual(['0 status queued']);
  });
});
