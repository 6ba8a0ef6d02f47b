import { entrypointFor } from '../../../grading/entrypoint.js';
import type { IsolatedUnitTest, UnitCall } from '../../../grading/grading-document.js';
import { limitsOf } from '../../../grading/limits.js';
import { judgeCall, judgeCalls } from '../../../grading/unit/judge-calls.js';
import { type CallRecords, readCallRecords } from '../../../grading/unit/read-call-records.js';
import type { RunOutcome } from '../../../sandbox/run-outcome.js';
import { GradingFault } from '../../grading-fault.js';
import type { GradingSession } from '../../grading-session.js';
import { cappedLimits, runLimits } from '../../run-limits.js';
import { harnessFiles, harnessPath } from './harness-files.js';
import type { UnitRun } from './unit-run.js';

const HARNESS: ReadonlyMap<string, string> = new Map([
  ['python', 'unit-call.py'],
  ['node', 'unit-call.mjs'],
]);
const TASK = '.assay/calls.json';

/**
 * Makes the calls of a test, each in a process of its own or one after the other; then a new process goes on behind a call that
 * ended the one before. Only the arguments go in. What comes back is the word of the submission's process, and is judged here.
 *
 * @throws GradingFault when the sandbox failed.
 */
export async function runCalls(session: GradingSession, test: IsolatedUnitTest): Promise<UnitRun> {
  const { document, ceilings } = session;
  const limits = cappedLimits(limitsOf(document, test), ceilings);
  const judged: ReturnType<typeof judgeCall>[] = [];
  const runs: RunOutcome[] = [];
  let shown: RunOutcome | null = null;
  while (judged.length < test.calls.length) {
    const start = judged.length;
    const calls = test.calls.slice(start, test.freshProcess ? start + 1 : undefined);
    const { run, records } = await callAll(session, test, calls);
    runs.push(run);
    for (const [index, call] of calls.entries()) {
      const steps = records.steps.get(index) ?? [];
      // A limit that is met after the call returned is met all the same: threads and children are the call's.
      const isWhole = records.ended.has(index) && (run.kind === 'exited' || !test.freshProcess);
      const verdict = judgeCall(call, { steps, isWhole, run }, limits);
      judged.push(verdict);
      if (verdict.verdict !== 'accepted') shown ??= run;
      // What this call ended, the next ones did not see.
      if (!records.ended.has(index)) break;
    }
  }
  const last = runs.at(-1);
  if (last === undefined) throw new GradingFault('A unit test has no call.');
  return { judged: judgeCalls(test, judged), runs, shown: shown ?? last };
}

async function callAll(
  session: GradingSession,
  test: IsolatedUnitTest,
  calls: readonly UnitCall[],
): Promise<{ readonly run: RunOutcome; readonly records: CallRecords }> {
  const { sandbox, runtime, document, ceilings, signal } = session;
  const harness = HARNESS.get(runtime.key);
  const module = test.module ?? entrypointFor(document, runtime.key);
  if (harness === undefined || module === null) {
    throw new GradingFault(`Functions of the runtime ${runtime.key} cannot be called.`);
  }
  const limits = runLimits(limitsOf(document, test), ceilings);
  // What is expected stays here.
  const task = {
    module,
    calls: calls.map(({ steps }) => steps.map(({ expect, ...step }) => ({ ...step, tellsArgs: expect.args !== null }))),
  };
  const content = Buffer.from(JSON.stringify(task));
  await sandbox.put([{ path: TASK, content, isProtected: true }, ...harnessFiles(harness)]);
  const run = await sandbox.run({
    argv: runtime.command(harnessPath(harness), [], limits),
    stdin: Buffer.from(calls.length === 1 ? (calls[0]?.stdin ?? '') : ''),
    environment: {},
    limits,
    reports: true,
    showsProtected: true,
    signal,
  });
  if (run.kind === 'sandbox_failure') {
    throw new GradingFault(`The sandbox failed in a test: ${run.reason ?? 'no reason'}`);
  }
  return { run, records: readCallRecords((run.report ?? Buffer.alloc(0)).toString('utf8')) };
}
