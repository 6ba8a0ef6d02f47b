import type { WorkerReport } from '../worker-report.js';

/** The sandbox that submissions run in, and what it holds them to. */
export class SandboxDto {
  /**
   * The adapter in use; `none` where there is no usable one, several where workers differ.
   * @example "bubblewrap"
   */
  driver: string;

  /**
   * Protection by protection: how it is enforced, or whether it is. Those that a worker's self-test tried are true or false
   * by its result; what could not be tried, or is not the same on all workers, is left out.
   * @example { "memory": "tree", "cgroup": "v2", "systemCalls": true, "ownUser": true, "network": true, "files": true, "memoryOfTree": true, "forkBomb": true }
   */
  holds: Record<string, string | boolean>;

  static from({ driver, holds }: WorkerReport['sandbox']): SandboxDto {
    return Object.assign(new SandboxDto(), { driver, holds: { ...holds } });
  }
}
