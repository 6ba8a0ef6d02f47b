import { type BeforeApplicationShutdown, Injectable, Logger, type OnApplicationBootstrap } from '@nestjs/common';
import { Environment } from '../config/env.js';
import { type CheckResult, Readiness } from '../monitoring/readiness.js';
import { GradingQueue } from '../queue/grading-queue.js';
import { OutboxRelay } from '../queue/outbox-relay.js';
import { Sandbox } from '../sandbox/sandbox.js';
import type { WorkerWish } from '../workers/worker-state.js';
import { GradeSubmission } from './grade-submission.js';
import { Intake } from './intake.js';
import { SandboxGuard, type SandboxState } from './sandbox-guard.js';
import { WORKER_NAME } from './worker-name.js';
import { WorkerPresence } from './worker-presence.js';

/** How long running submissions may go on when the process is told to stop. */
const GRACE_MS = 10_000;
/** What handing back takes at most after that. */
const HAND_BACK_MS = 3_000;

/**
 * Takes grading runs from the queue and has them graded, as long as this process lives, has a sandbox that holds, and no
 * administrator has paused it. Without a sandbox it takes none, says why, and begins when there is one; an API in the same
 * process goes on accepting.
 */
@Injectable()
export class GradingConsumer implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger(GradingConsumer.name);
  private readonly intake: Intake;
  private starting: Promise<void> = Promise.resolve();
  private isStopping = false;
  private driver = 'none';
  private state: CheckResult = { isUp: false, detail: 'The sandbox is being examined.' };

  constructor(
    private readonly environment: Environment,
    private readonly sandbox: Sandbox,
    private readonly guard: SandboxGuard,
    private readonly queue: GradingQueue,
    private readonly relay: OutboxRelay,
    private readonly gradeSubmission: GradeSubmission,
    private readonly presence: WorkerPresence,
    private readonly readiness: Readiness,
  ) {
    this.intake = new Intake(queue, () => this.begin());
  }

  onApplicationBootstrap(): void {
    this.readiness.add({ name: 'grading', isEssential: true, check: () => Promise.resolve(this.state) });
    this.presence.start((wish) => this.obey(wish));
    // Not waited for: examining the machine must not hold up the API of the same process.
    this.starting = this.guard
      .start((state) => this.take(state))
      .catch((error: unknown) => this.refuse(error instanceof Error ? error.message : String(error), ['sandbox']));
  }

  /** Takes no further run; those that are graded may end within the grace, else they are handed back. */
  async beforeApplicationShutdown(): Promise<void> {
    this.isStopping = true;
    this.intake.block('stopping');
    this.state = { isUp: false, detail: 'The process is stopping.' };
    this.presence.stopping();
    await this.guard.stop();
    await this.starting;
    await this.relay.stop();
    await this.queue.close(GRACE_MS);
    this.gradeSubmission.abortAll();
    await this.gradeSubmission.whenIdle(HAND_BACK_MS);
    await this.presence.leave();
    await this.sandbox.shutDown();
  }

  private begin(): void {
    this.queue.consume(this.environment.workerConcurrency, (runId) => this.gradeSubmission.grade(runId));
    this.relay.startSweeping();
  }

  private obey(wish: WorkerWish): void {
    if (this.isStopping) return;
    if (wish === 'run') {
      this.clear('administrator');
    } else {
      this.intake.block('administrator');
      this.logger.log({ worker: WORKER_NAME, wish }, 'Takes no new submission: an administrator wants it so');
    }
    this.clear('unregistered');
  }

  private take(state: SandboxState): void {
    if (this.isStopping) return;
    this.presence.tell(state);
    this.driver = state.capabilities.driver;
    if (state.isUsable) this.accept();
    else this.refuse(state.reason ?? 'unknown', state.failing);
  }

  private accept(): void {
    const { workerConcurrency } = this.environment;
    this.state = { isUp: true, detail: `Grading up to ${workerConcurrency} submissions at a time.` };
    this.clear('sandbox');
  }

  private clear(obstacle: Parameters<Intake['clear']>[0]): void {
    const wasOpen = this.intake.isOpen;
    this.intake.clear(obstacle);
    if (wasOpen || !this.intake.isOpen) return;
    const { workerConcurrency: concurrency } = this.environment;
    this.logger.log({ worker: WORKER_NAME, concurrency, sandbox: this.driver }, 'Ready to grade');
  }

  private refuse(reason: string, failing: readonly string[]): void {
    // What is graded may end, if it can; what waits is for other workers.
    this.intake.block('sandbox');
    const detail = `Nothing is graded here, because there is no usable sandbox: ${reason}`;
    this.state = { isUp: false, detail, failing };
    this.logger.error(
      `Nothing is graded here: student programs run in a sandbox or not at all, and none is usable (${reason}). ` +
        'Submissions are accepted and wait. Put this right, as docs/sandbox.md and "npm run sandbox:check" show; ' +
        'the worker looks again by itself.',
    );
  }
}
