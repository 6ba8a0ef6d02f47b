import type { HttpLatency, HttpTest } from '../../../grading/grading-document.js';
import { isAnswer } from '../../../grading/http/http-report.js';
import { latencyDifference } from '../../../grading/http/judge-latency.js';
import type { RunLimits } from '../../../sandbox/limits.js';
import { GradingFault } from '../../grading-fault.js';
import type { GradingSession } from '../../grading-session.js';
import { Service } from './service.js';
import { StepClient } from './steps.js';

/** Too slow in one round can be bad luck; in all of them it is slow. */
const ROUNDS = 3;
/** To each of the two before anything is measured: caches fill, and interpreters compile. */
const WARM_UPS = 3;

/**
 * Why the service is slower than the test allows; null when it is not. The reference runs in a sandbox of its own, where nothing of
 * the submission can ask it for answers or keep it busy, and takes turns with the submission.
 *
 * @throws GradingFault when the sandbox failed, or the reference does not what it is to be a reference for.
 */
export async function measureLatency(
  session: GradingSession,
  test: HttpTest,
  latency: HttpLatency,
  mine: StepClient,
  limits: RunLimits,
): Promise<string | null> {
  const sandbox = await session.openBeside();
  try {
    const { start, files } = latency.reference;
    const service = new Service(sandbox, {
      start,
      port: test.port,
      environment: test.environment,
      limits,
      keepFiles: test.steps.some(({ restart }) => restart),
      signal: session.signal,
    });
    await sandbox.put(session.laidBeside);
    await sandbox.put(files.map((file) => ({ ...file, content: Buffer.from(file.content, file.encoding) })));
    await service.start();
    const reference = await prepared(service, test);
    return await compare(latency, mine, reference, test);
  } finally {
    await sandbox.close();
  }
}

/** The reference where the steps have brought it, as they have the submission. */
async function prepared(service: Service, test: HttpTest): Promise<StepClient> {
  const unready = await service.whenReady(test.ready);
  if (unready !== null) throw new GradingFault(`The reference solution of the test "${test.name}" ${unready}.`);
  const client = new StepClient(service, test.ready);
  for (const step of test.steps) {
    const { outcome, differences } = await client.make(step);
    if (outcome !== 'held') {
      throw new GradingFault(
        `The reference solution of the test "${test.name}" does not pass its steps: ${differences[0] ?? 'one failed'}`,
      );
    }
  }
  return client;
}

async function compare(
  latency: HttpLatency,
  mine: StepClient,
  reference: StepClient,
  test: HttpTest,
): Promise<string | null> {
  let slow: string | null = null;
  for (let round = 0; round < ROUNDS; round += 1) {
    const times: number[] = [];
    const referenceTimes: number[] = [];
    for (let turn = -WARM_UPS; turn < latency.requests; turn += 1) {
      const answer = await mine.ask(latency.request);
      if (!isAnswer(answer)) return `While its latency was measured, the service ${answer.why}.`;
      if (answer.status >= 400) return `While its latency was measured, the service answered with ${answer.status}.`;
      const other = await reference.ask(latency.request);
      if (!isAnswer(other) || other.status >= 400) {
        const why = isAnswer(other) ? `answers with ${other.status}` : other.why;
        throw new GradingFault(`The reference solution of the test "${test.name}" ${why} in the measurement.`);
      }
      if (turn < 0) continue;
      times.push(answer.ms);
      referenceTimes.push(other.ms);
    }
    slow = latencyDifference(latency, times, referenceTimes);
    if (slow === null) return null;
  }
  return slow;
}
