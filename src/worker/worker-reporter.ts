import { Injectable, Logger } from '@nestjs/common';
import { REPORT_EVERY_MS, type WorkerReport, WorkerReports } from '../runtimes/worker-reports.js';
import { detectRuntimes } from '../sandbox/runtimes.js';
import { holdsByName } from '../sandbox/self-test/self-test.js';
import type { SandboxState } from './sandbox-guard.js';

/** Tells the API, again and again, what this worker can run. */
@Injectable()
export class WorkerReporter {
  private readonly logger = new Logger(WorkerReporter.name);
  private report: WorkerReport | null = null;
  private timer: NodeJS.Timeout | undefined;
  private isStopped = false;

  constructor(private readonly reports: WorkerReports) {}

  /** Tells it now, and every while from now on. Returns at once. */
  tell(state: SandboxState): void {
    reportOf(state)
      .then((report) => {
        this.report = report;
        return this.repeat();
      })
      .catch((error: unknown) => this.logger.error({ err: error }, 'What this worker can do could not be reported'));
  }

  stop(): void {
    this.isStopped = true;
    clearTimeout(this.timer);
  }

  private async repeat(): Promise<void> {
    if (this.isStopped || this.report === null) return;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => {
      this.repeat().catch(() => undefined);
    }, REPORT_EVERY_MS);
    this.timer.unref();
    await this.reports.tell(this.report);
  }
}

async function reportOf({ isUsable: usable, capabilities, selfTest }: SandboxState): Promise<WorkerReport> {
  const { driver, memory, cgroup, seccomp, uidDrop } = capabilities;
  const runtimes = await detectRuntimes();
  return {
    runtimes: runtimes.map(({ key, title, version, available, reason }) => ({
      key,
      title,
      version,
      available: available && usable,
      // Why the sandbox is not usable is for operators: it may name paths of the machine.
      reason: usable ? reason : 'The worker has no usable sandbox; its log says why.',
    })),
    sandbox: {
      driver,
      holds: {
        network: usable,
        files: usable,
        processes: usable,
        memory,
        cgroup,
        systemCalls: seccomp,
        ownUser: uidDrop,
        // What was tried counts more than what is claimed.
        ...(selfTest === null ? {} : holdsByName(selfTest)),
      },
    },
  };
}
