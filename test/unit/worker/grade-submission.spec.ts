import { Logger } from '@nestjs/common';
import { Registry } from 'prom-client';
import { beforeEach, describe, expect, it } from 'vitest';
import { parseEnvironment } from '../../../src/config/env.js';
import { DomainError } from '../../../src/errors/domain-error.js';
import { InProcessRunEvents } from '../../../src/events/in-process-run-events.js';
import type { RunOutcome } from '../../../src/sandbox/run-outcome.js';
import type { SandboxStep } from '../../../src/sandbox/sandbox.js';
import { Services } from '../../../src/sandbox/services/services.js';
import type { ClaimedRun } from '../../../src/submissions/claimed-run.js';
import type { HandBackOptions, RunResult } from '../../../src/submissions/grading-runs.js';
import { GradeSubmission } from '../../../src/worker/grade-submission.js';
import { GradingMetrics } from '../../../src/worker/grading-metrics.js';
import { FakeSandbox, runOutcome } from '../../support/fake-sandbox.js';
import { gradingDocument, runtime } from '../../support/grading-session.js';
import { waitFor } from '../../support/wait-for.js';

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

const databaseAway = (): Error => Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' });

/** Grading runs that hold one claim, and remember how it ended. */
class FakeRuns {
  claimed: ClaimedRun | null = RUN;
  isStillHeld = true;
  isCancelledByStaff = false;
  faults: Error[] = [];
  /** The database stores the result and dies before it has said so. */
  isAnswerLost = false;
  recorded: RunResult[] = [];
  readonly handedBack: HandBackOptions[] = [];
  readonly failed: string[] = [];
  /** With each failure what was known of the tests. */
  readonly kept: RunResult['tests'][] = [];

  claim(): Promise<ClaimedRun | null> {
    return Promise.resolve(this.claimed);
  }

  heartbeat(): Promise<boolean> {
    return Promise.resolve(this.isStillHeld);
  }

  isHeld(): Promise<boolean> {
    return Promise.resolve(this.isStillHeld);
  }

  isCancelled(): Promise<boolean> {
    return Promise.resolve(this.isCancelledByStaff);
  }

  isRecorded(): Promise<boolean> {
    return Promise.resolve(this.recorded.length > 0);
  }

  record(_run: ClaimedRun, result: RunResult): Promise<boolean> {
    const fault = this.faults.shift();
    if (fault !== undefined) return Promise.reject(fault);
    if (!this.isStillHeld) return Promise.resolve(false);
    this.recorded.push(result);
    if (this.isAnswerLost) {
      this.isStillHeld = false;
      return Promise.reject(databaseAway());
    }
    return Promise.resolve(true);
  }

  handBack(_run: ClaimedRun, options: HandBackOptions): Promise<void> {
    this.handedBack.push(options);
    return Promise.resolve();
  }

  fail(_run: ClaimedRun, reason: string, tests: RunResult['tests'] = []): Promise<boolean> {
    this.failed.push(reason);
    this.kept.push(tests);
    return Promise.resolve(true);
  }
}

let runs: FakeRuns;
let events: InProcessRunEvents;
let registry: Registry;

beforeEach(() => {
  Logger.overrideLogger(false);
  runs = new FakeRuns();
  events = new InProcessRunEvents();
  registry = new Registry();
});

interface Grader {
  readonly gradeSubmission: GradeSubmission;
  readonly sandbox: FakeSandbox;
}

function grader(
  respond: (step: SandboxStep) => RunOutcome | Promise<RunOutcome>,
  outage?: Error,
  document = gradingDocument(),
): Grader {
  const sandbox = new FakeSandbox(respond);
  const materials = {
    load: () =>
      outage === undefined
        ? Promise.resolve({
            document,
            runtime: runtime(),
            submitted: [{ path: 'main.py', content: Buffer.from('print(3)') }],
            laidBeside: [{ path: 'data.csv', content: Buffer.from('1,2') }],
          })
        : Promise.reject(outage),
  };
  const environment = parseEnvironment({ GRADING_LEASE_MS: '1000' });
  const metrics = new GradingMetrics(registry);
  // What GradeSubmission uses of them is all that these have.
  const parts = { runs, materials } as unknown as Pick<Parts, 'runs' | 'materials'>;
  return {
    sandbox,
    gradeSubmission: new GradeSubmission(
      environment,
      parts.runs,
      parts.materials,
      sandbox,
      new Services(sandbox),
      events,
      metrics,
    ),
  };
}

interface Parts {
  readonly runs: ConstructorParameters<typeof GradeSubmission>[1];
  readonly materials: ConstructorParameters<typeof GradeSubmission>[2];
}

const right = (): RunOutcome => runOutcome({ stdout: '3\n' });

/** A program that goes on until it is aborted. */
function untilAborted({ signal }: SandboxStep): Promise<RunOutcome> {
  return new Promise((resolve) => {
    signal?.addEventListener('abort', () => resolve(runOutcome({ kind: 'sandbox_failure', reason: 'aborted' })));
  });
}

async function outcomes(): Promise<Record<string, number>> {
  const metric = await registry.getSingleMetric('assay_grading_runs_total')?.get();
  return Object.fromEntries((metric?.values ?? []).map(({ labels, value }) => [String(labels['outcome']), value]));
}

function breaksAtThree({ stdin }: SandboxStep): RunOutcome {
  return stdin.toString() === 'three' ? runOutcome({ kind: 'sandbox_failure', reason: 'no cgroup' }) : right();
}

describe('GradeSubmission', () => {
  it('lays the files out, grades and records', async () => {
    const { gradeSubmission, sandbox } = grader(right);
    await gradeSubmission.grade('run');
    expect(runs.recorded).toMatchObject([{ verdict: 'accepted', score: 2, maxScore: 2 }]);
    const [session] = sandbox.sessions;
    expect([...(session?.files.keys() ?? [])]).toEqual(['main.py', 'data.csv']);
    expect(session?.isClosed).toBe(true);
    expect(await outcomes()).toEqual({ graded: 1 });
  });

  it('tells of each test as soon as it is there', async () => {
    await grader(right).gradeSubmission.grade('run');
    expect(await events.history('submission')).toMatchObject([
      { kind: 'test', data: { position: 0, name: 'adds', verdict: 'accepted' } },
    ]);
  });

  it('does nothing when there is nothing to claim', async () => {
    runs.claimed = null;
    const { gradeSubmission, sandbox } = grader(right);
    await gradeSubmission.grade('run');
    expect(sandbox.sessions).toEqual([]);
    expect(await outcomes()).toEqual({});
  });

  it('hands a run back when the sandbox fails, later each time', async () => {
    for (const claims of [1, 2]) {
      runs.claimed = { ...RUN, claims };
      await grader(() => runOutcome({ kind: 'sandbox_failure', reason: 'no cgroup' }))
        .gradeSubmission.grade('run')
        .finally(() => {
          registry.clear();
        });
    }
    expect(runs.handedBack).toEqual([
      { delayMs: 2_000, counts: true },
      { delayMs: 8_000, counts: true },
    ]);
    expect(runs.recorded).toEqual([]);
  });

  it('gives a run up at the third failure, with the reason for operators', async () => {
    runs.claimed = { ...RUN, claims: 3 };
    await grader(() => runOutcome({ kind: 'sandbox_failure', reason: 'no cgroup' })).gradeSubmission.grade('run');
    expect(runs.failed).toHaveLength(1);
    expect(runs.failed[0]).toContain('no cgroup');
    expect(await outcomes()).toEqual({ failed: 1 });
    // No test was judged: there is nothing to keep.
    expect(runs.kept).toEqual([[]]);
  });

  it('keeps what the tests before gave where it gives a run up half-way', async () => {
    runs.claimed = { ...RUN, claims: 3 };
    const three = gradingDocument({
      tests: ['one', 'two', 'three', 'four'].map((name) => ({
        kind: 'program',
        name,
        points: 1,
        stdin: name,
        expect: { stdout: '3' },
        feedback: { now: ['name', 'score'] },
      })),
    });
    await grader(breaksAtThree, undefined, three).gradeSubmission.grade('run');
    expect(runs.recorded).toEqual([]);
    expect(runs.kept[0]).toMatchObject([
      { name: 'one', verdict: 'accepted', points: 1 },
      { name: 'two', verdict: 'accepted', points: 1 },
      { name: 'three', verdict: 'judge_error', points: 0, maxPoints: 1, stdout: null },
      { name: 'four', verdict: 'skipped', points: 0, maxPoints: 1 },
    ]);
    expect(runs.kept[0]?.every(({ feedback }) => feedback?.now.length === 2)).toBe(true);
    expect(JSON.stringify(runs.kept)).not.toContain('no cgroup');
  });

  it.each([
    ['storage', new DomainError('unavailable', 'storage_unavailable', 'The storage is away.')],
    ['database', databaseAway()],
  ])('does not give a run up while the %s is away, whatever its claims', async (_name, outage) => {
    runs.claimed = { ...RUN, claims: 3 };
    await grader(right, outage).gradeSubmission.grade('run');
    expect(runs.handedBack).toEqual([{ delayMs: 10_000, counts: false }]);
    expect(runs.failed).toEqual([]);
  });

  it('aborts the program and drops the result when the lease is lost', async () => {
    const { gradeSubmission } = grader(untilAborted);
    const grading = gradeSubmission.grade('run');
    runs.isStillHeld = false;
    await grading;
    expect(runs.recorded).toEqual([]);
    expect(runs.handedBack).toEqual([]);
    expect(await outcomes()).toEqual({ stale: 1 });
    expect((await registry.getSingleMetric('assay_stale_results_total')?.get())?.values[0]?.value).toBe(1);
  });

  it('counts a cancelled run apart from a stale one', async () => {
    const { gradeSubmission } = grader(untilAborted);
    const grading = gradeSubmission.grade('run');
    runs.isStillHeld = false;
    runs.isCancelledByStaff = true;
    await grading;
    expect(await outcomes()).toEqual({ cancelled: 1 });
  });

  it('counts a result as stale that is refused only when it is recorded', async () => {
    const { gradeSubmission } = grader(() => {
      runs.isStillHeld = false;
      return right();
    });
    await gradeSubmission.grade('run');
    expect(await outcomes()).toEqual({ stale: 1 });
  });

  it('hands everything back at once when told to, without counting it as a failed try', async () => {
    const { gradeSubmission, sandbox } = grader(untilAborted);
    const grading = gradeSubmission.grade('run');
    await waitFor(() => sandbox.sessions[0]?.steps.length === 1, { until: 'the program runs' });
    gradeSubmission.abortAll();
    await gradeSubmission.whenIdle(5_000);
    await grading;
    expect(runs.handedBack).toEqual([{ delayMs: 1_000, counts: false }]);
    expect(await outcomes()).toEqual({ handed_back: 1 });
  });

  it('keeps a result while the database is away, and stores it later', async () => {
    runs.faults = [databaseAway()];
    await grader(right).gradeSubmission.grade('run');
    expect(runs.recorded).toHaveLength(1);
    expect(runs.handedBack).toEqual([]);
  });

  it('takes a result for stored that was, though the answer to the commit was lost', async () => {
    runs.isAnswerLost = true;
    await grader(right).gradeSubmission.grade('run');
    expect(runs.recorded).toHaveLength(1);
    expect(await outcomes()).toEqual({ graded: 1 });
  });

  it('treats a result that cannot be stored at all as its own failure', async () => {
    runs.faults = [new Error('value too long')];
    await grader(right).gradeSubmission.grade('run');
    expect(runs.recorded).toEqual([]);
    expect(runs.handedBack).toHaveLength(1);
  });
});
