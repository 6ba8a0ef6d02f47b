import type { WorkerReport } from '../worker-reports.js';
import { RuntimeDto } from './runtime.dto.js';

/** The sandbox that submissions run in, and what it holds them to on this installation. */
export class SandboxDto {
  /**
   * The adapter in use; `none` while no worker with a usable sandbox has reported.
   * @example "bubblewrap"
   */
  driver: string;

  /**
   * Protection by protection: how it is enforced, or whether it is. Those that the worker's self-test tried are true or false
   * by its result; what could not be tried is left out.
   * @example { "memory": "tree", "cgroup": "v2", "systemCalls": true, "ownUser": true, "network": true, "files": true, "memoryOfTree": true, "forkBomb": true }
   */
  holds: Record<string, string | boolean>;
}

/** What submissions can be written in, and what they run in. */
export class RuntimeListDto {
  /** All languages that Assay knows, whether available or not. */
  items: RuntimeDto[];

  /** Services that tests may use, such as databases; none in this version. */
  services: RuntimeDto[];

  sandbox: SandboxDto;

  static from(report: WorkerReport): RuntimeListDto {
    const dto = new RuntimeListDto();
    dto.items = report.runtimes.map((runtime) => RuntimeDto.from(runtime));
    dto.services = [];
    dto.sandbox = { driver: report.sandbox.driver, holds: { ...report.sandbox.holds } };
    return dto;
  }
}
