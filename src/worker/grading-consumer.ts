import { type BeforeApplicationShutdown, Injectable, Logger, type OnApplicationBootstrap } from '@nestjs/common';
import { Environment } from '../config/env.js';
import { type CheckResult, Readiness } from '../monitoring/readiness.js';
import { GradingQueue } from '../queue/grading-queue.js';
import { OutboxRelay } from '../queue/outbox-relay.js';
import { Sandbox } from '../sandbox/sandbox.js';
import { GradeSubmission } from './grade-submission.js';
import { WORKER_NAME } from './worker-name.js';
import { WorkerReporter } from './worker-reporter.js';

/** How long running submissions may go on when the process is told to stop. */
const GRACE_MS = 10_000;
/** What handing back takes at most after that. */
const HAND_BACK_MS = 3_000;

/**
 * Takes grading runs from the queue and has them graded, as long as this process lives and has a sandbox that holds. Without
 * one it takes none, and says why; an API in the same process goes on accepting.
 */
@Injectable()
export class GradingConsumer implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger(GradingConsumer.name);
  private starting: Promise<void> = Promise.resolve();
  private isStopping = false;
  private state: CheckResult = { isUp: false, detail: 'The sandbox is being examined.' };

  constructor(
    private readonly environment: Environment,
    private readonly sandbox: Sandbox,
    private readonly queue: GradingQueue,
    private readonly relay: OutboxRelay,
    private readonly gradeSubmission: GradeSubmission,
    private readonly reporter: WorkerReporter,
    private readonly readiness: Readiness,
  ) {}

  onApplicationBootstrap(): void {
    this.readiness.add({ name: 'grading', isEssential: true, check: () => Promise.resolve(this.state) });
    // Not waited for: examining the machine must not hold up the API of the same process.
    this.starting = this.start().catch((error: unknown) =>
      this.refuse(error instanceof Error ? error.message : String(error)),
    );
  }

  /** Takes no further run; those that are graded may end within the grace, else they are handed back. */
  async beforeApplicationShutdown(): Promise<void> {
    this.isStopping = true;
    this.state = { isUp: false, detail: 'The process is stopping.' };
    this.reporter.stop();
    await this.starting;
    await this.relay.stop();
    await this.queue.close(GRACE_MS);
    this.gradeSubmission.abortAll();
    await this.gradeSubmission.whenIdle(HAND_BACK_MS);
    await this.sandbox.shutDown();
  }

  private async start(): Promise<void> {
    const capabilities = await this.sandbox.probe();
    await this.reporter.start(capabilities);
    if (this.isStopping) return;
    if (!capabilities.usable) {
      this.refuse(capabilities.reason ?? 'no usable sandbox was found');
      return;
    }
    const { workerConcurrency } = this.environment;
    this.queue.consume(workerConcurrency, (runId) => this.gradeSubmission.grade(runId));
    this.relay.startSweeping();
    this.state = { isUp: true, detail: `Grading up to ${workerConcurrency} submissions at a time.` };
    this.logger.log(
      { worker: WORKER_NAME, concurrency: workerConcurrency, sandbox: capabilities.driver },
      'Ready to grade',
    );
  }

  private refuse(reason: string): void {
    this.state = { isUp: false, detail: `Nothing is graded here, because there is no usable sandbox: ${reason}` };
    this.logger.error(
      `Nothing is graded here: student programs run in a sandbox or not at all, and none is usable (${reason}). ` +
        'Submissions are accepted and wait. Put this right and start again; docs/sandbox.md shows how.',
    );
  }
}
