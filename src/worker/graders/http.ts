import type { StepReport } from '../../grading/http/http-report.js';
import type { HttpTest } from '../../grading/grading-document.js';
import { type HttpRun, judgeHttp } from '../../grading/http/judge-http.js';
import { limitsOf } from '../../grading/limits.js';
import { textPreview } from '../../grading/preview.js';
import type { RunLimits } from '../../sandbox/limits.js';
import type { RunOutcome } from '../../sandbox/run-outcome.js';
import { GradingFault } from '../grading-fault.js';
import type { GradingSession } from '../grading-session.js';
import { cappedLimits, runLimits } from '../run-limits.js';
import type { Grader } from './grader.js';
import { measureLatency } from './http/measure.js';
import { Service } from './http/service.js';
import { StepClient } from './http/steps.js';

/** Starts the submission as a service, makes the steps, and judges what it answered, all of it outside the sandbox. */
export const gradeHttp: Grader<'http'> = async (session, test) => {
  const asked = limitsOf(session.document, test);
  const limits = runLimits(asked, session.ceilings);
  const keepFiles = test.steps.some(({ restart }) => restart);
  const restore = keepFiles ? await session.sandbox.rememberFiles() : null;
  const service = new Service(session.sandbox, {
    start: test.start,
    port: test.port,
    environment: test.environment,
    limits,
    keepFiles,
    signal: session.signal,
  });
  let run: HttpRun;
  try {
    run = await serve(session, test, service, limits);
  } finally {
    await service.stop();
    // What a service left for its restart is none of the next test's business.
    await restore?.();
  }
  if (session.signal.aborted) throw new GradingFault('aborted');
  const { verdict, points, message, expected, cases } = judgeHttp(test, run, cappedLimits(asked, session.ceilings));
  if (verdict === 'judge_error') throw new GradingFault('A test could not be judged: the sandbox told no exit status.');
  const { cpuTimeMs, wallTimeMs, peakMemoryKiB, stdout, stderr } = service.total;
  return {
    name: test.name,
    kind: test.kind,
    visibility: test.visibility,
    verdict,
    points,
    maxPoints: test.points,
    timeMs: rounded(cpuTimeMs),
    wallMs: rounded(wallTimeMs),
    memoryKiB: rounded(peakMemoryKiB),
    exitCode: run.ended?.exitCode ?? null,
    signal: run.ended?.signal ?? null,
    message,
    stdout: textPreview(stdout),
    stderr: textPreview(stderr),
    expected,
    cases,
  };
};

async function serve(session: GradingSession, test: HttpTest, service: Service, limits: RunLimits): Promise<HttpRun> {
  await service.start();
  const client = new StepClient(service, test.ready);
  const unready = await service.whenReady(test.ready);
  const steps = unready === null ? await makeSteps(session, test, service, client) : test.steps.map(unmade);
  const hasFailed = unready !== null || steps.some(({ outcome }) => outcome !== 'held');
  const slow =
    hasFailed || test.latency === null ? null : await measureLatency(session, test, test.latency, client, limits);
  const bySelf = await service.end(hasFailed || slow !== null);
  const last = await service.stop();
  return { ended: bySelf ?? (last !== null && REACHED_LIMITS.includes(last.kind) ? last : null), unready, steps, slow };
}

/** Reached at the very end, a limit was reached all the same. */
const REACHED_LIMITS: readonly RunOutcome['kind'][] = ['cpu_limit', 'memory_limit', 'wall_limit'];

async function makeSteps(
  { signal }: GradingSession,
  test: HttpTest,
  service: Service,
  client: StepClient,
): Promise<StepReport[]> {
  // Where steps have points of their own, one that fails costs its own only.
  const goesOn = test.steps.some(({ points }) => points !== null);
  const reports: StepReport[] = [];
  let isOver = false;
  for (const step of test.steps) {
    if (signal.aborted) throw new GradingFault('aborted');
    if (isOver) {
      reports.push(unmade(step));
      continue;
    }
    const report = await client.make(step);
    reports.push(report);
    const isGone =
      report.outcome === 'failed' && ((await service.end(isSilent(report))) !== null || service.remainingMs === 0);
    isOver = isGone || (report.outcome === 'failed' && !goesOn);
  }
  return reports;
}

/** Whether the service did not answer, so that it may be gone. */
function isSilent({ exchanges, isLate }: StepReport): boolean {
  const last = exchanges.at(-1);
  return !isLate && (last === undefined || !('status' in last.answer));
}

function unmade(step: HttpTest['steps'][number]): StepReport {
  return { step, outcome: 'unmade', exchanges: [], differences: [], isLate: false };
}

function rounded(value: number | null): number | null {
  return value === null ? null : Math.round(value);
}
