import { beforeEach, describe, expect, it } from 'vitest';
import { Intake } from '../../../src/worker/intake.js';

let calls: string[];
let intake: Intake;

beforeEach(() => {
  calls = [];
  const queue = { pause: () => void calls.push('pause'), resume: () => void calls.push('resume') };
  intake = new Intake(queue, () => calls.push('begin'));
});

function open(): void {
  intake.clear('unregistered');
  intake.clear('sandbox');
  calls = [];
}

describe('the intake', () => {
  it('begins when the sandbox holds and it is known what is wanted, in either order', () => {
    intake.clear('sandbox');
    expect([calls, intake.isOpen]).toEqual([[], false]);
    intake.clear('unregistered');
    expect([calls, intake.isOpen]).toEqual([['begin'], true]);
  });

  it('does not begin for a worker that was paused before, until somebody resumes it', () => {
    intake.block('administrator');
    intake.clear('unregistered');
    intake.clear('sandbox');
    expect(calls).toEqual([]);
    intake.clear('administrator');
    expect(calls).toEqual(['begin']);
  });

  it('is open again only when the last reason is gone, and tells the queue each change once', () => {
    open();
    intake.block('administrator');
    intake.block('administrator');
    intake.block('sandbox');
    intake.clear('administrator');
    intake.clear('administrator');
    expect([calls, intake.isOpen]).toEqual([['pause'], false]);
    intake.clear('sandbox');
    intake.clear('sandbox');
    expect([calls, intake.isOpen]).toEqual([['pause', 'resume'], true]);
  });

  it('stays closed in a process that stops, whoever else changes their mind', () => {
    open();
    intake.block('administrator');
    intake.block('stopping');
    intake.clear('administrator');
    intake.clear('sandbox');
    expect([calls, intake.isOpen]).toEqual([['pause'], false]);
  });
});
