import { Logger } from '@nestjs/common';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { ClaimedRun } from '../../../src/submissions/claimed-run.js';
import { LeaseKeeper } from '../../../src/worker/lease-keeper.js';

const RUN: ClaimedRun = {
  id: 'run',
  submissionId: 'submission',
  number: 1,
  leaseToken: 1,
  claims: 1,
  assignmentId: 'assignment',
  gradingVersion: 1,
  runtime: 'python',
  filesKey: 'submissions/submission.tar',
  isTrial: false,
};

class Runs {
  heartbeats = 0;
  looks = 0;
  answer: () => Promise<boolean> = () => Promise.resolve(true);

  heartbeat(): Promise<boolean> {
    this.heartbeats += 1;
    return this.answer();
  }

  isHeld(): Promise<boolean> {
    this.looks += 1;
    return this.answer();
  }
}

let runs: Runs;
beforeEach(() => {
  Logger.overrideLogger(false);
  vi.useFakeTimers();
  runs = new Runs();
});
afterEach(() => {
  vi.useRealTimers();
});

describe('LeaseKeeper', () => {
  it('prolongs the lease four times within its length, and looks every second in between', async () => {
    const lease = new LeaseKeeper(runs, RUN, 8_000);
    await vi.advanceTimersByTimeAsync(8_100);
    expect(runs.heartbeats).toBe(4);
    expect(runs.looks).toBe(4);
    expect(lease.signal.aborted).toBe(false);
    lease.stop();
  });

  it('prolongs a short lease in time as well', async () => {
    const lease = new LeaseKeeper(runs, RUN, 1_000);
    await vi.advanceTimersByTimeAsync(1_010);
    expect(runs.heartbeats).toBeGreaterThanOrEqual(2);
    lease.stop();
  });

  it('aborts within about a second when the run is lost or cancelled', async () => {
    const lease = new LeaseKeeper(runs, RUN, 15_000);
    runs.answer = () => Promise.resolve(false);
    await vi.advanceTimersByTimeAsync(1_100);
    expect(lease.signal.aborted).toBe(true);
    expect(lease.ended).toBe('lost');
    const asked = runs.looks;
    await vi.advanceTimersByTimeAsync(10_000);
    expect(runs.looks).toBe(asked);
  });

  it('goes on while the database cannot be asked', async () => {
    const lease = new LeaseKeeper(runs, RUN, 3_000);
    runs.answer = () => Promise.reject(new Error('away on purpose'));
    await vi.advanceTimersByTimeAsync(10_000);
    expect(lease.signal.aborted).toBe(false);
    runs.answer = () => Promise.resolve(true);
    const before = runs.heartbeats;
    await vi.advanceTimersByTimeAsync(2_000);
    expect(runs.heartbeats).toBeGreaterThan(before);
    lease.stop();
  });

  it('asks nothing more once it was stopped', async () => {
    const lease = new LeaseKeeper(runs, RUN, 3_000);
    lease.stop();
    await vi.advanceTimersByTimeAsync(10_000);
    expect(runs.looks + runs.heartbeats).toBe(0);
    expect(lease.ended).toBeNull();
  });

  it('keeps the first reason for its end', () => {
    const lease = new LeaseKeeper(runs, RUN, 3_000);
    lease.abort('stopping');
    lease.abort('lost');
    expect(lease.ended).toBe('stopping');
    lease.stop();
  });
});
