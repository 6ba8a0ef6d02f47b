import { Injectable } from '@nestjs/common';
import { REPORT_EVERY_MS, type WorkerReport, WorkerReports } from '../runtimes/worker-reports.js';
import { detectRuntimes } from '../sandbox/runtimes.js';
import type { SandboxCapabilities } from '../sandbox/sandbox.js';

/** Tells the API, again and again, what this worker can run. */
@Injectable()
export class WorkerReporter {
  private timer: NodeJS.Timeout | undefined;
  private isStopped = false;

  constructor(private readonly reports: WorkerReports) {}

  /** Resolves after the first report. */
  async start(capabilities: SandboxCapabilities): Promise<void> {
    const report = await reportOf(capabilities);
    await this.reports.tell(report);
    const repeat = (): void => {
      if (this.isStopped) return;
      this.timer = setTimeout(() => {
        this.reports.tell(report).then(repeat, repeat);
      }, REPORT_EVERY_MS);
      this.timer.unref();
    };
    repeat();
  }

  stop(): void {
    this.isStopped = true;
    clearTimeout(this.timer);
  }
}

async function reportOf(capabilities: SandboxCapabilities): Promise<WorkerReport> {
  const { usable, driver, memory, cgroup, seccomp, uidDrop } = capabilities;
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
      // Network, files and processes are held by every sandbox that is usable at all: its probe refuses otherwise.
      holds: {
        network: usable,
        files: usable,
        processes: usable,
        memory,
        cgroup,
        systemCalls: seccomp,
        ownUser: uidDrop,
      },
    },
  };
}
