import { detectRuntimes } from '../sandbox/runtimes.js';
import { holdsByName } from '../sandbox/self-test/self-test.js';
import type { Services } from '../sandbox/services/services.js';
import type { ReportedRuntime, WorkerReport } from '../workers/worker-report.js';
import type { SandboxState } from './sandbox-guard.js';

/** What a worker with this sandbox can run, for anyone to read. */
export async function reportOf(
  { isUsable: usable, capabilities, selfTest }: SandboxState,
  services: Services,
): Promise<WorkerReport> {
  const { driver, memory, cgroup, seccomp, uidDrop } = capabilities;
  const reported = ({ key, title, version, available, reason }: ReportedRuntime): ReportedRuntime => ({
    key,
    title,
    version,
    available: available && usable,
    // Why the sandbox is not usable is for operators: it may name paths of the machine.
    reason: usable ? reason : 'The worker has no usable sandbox; its log says why.',
  });
  const beside = (service: ReportedRuntime): ReportedRuntime =>
    usable && driver !== 'bubblewrap'
      ? { ...service, available: false, reason: 'The worker runs programs in containers, beside which none can run.' }
      : reported(service);
  return {
    runtimes: (await detectRuntimes()).map(reported),
    services: (await services.list()).map(beside),
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
