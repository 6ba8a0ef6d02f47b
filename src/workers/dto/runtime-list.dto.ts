import type { WorkerReport } from '../worker-report.js';
import { RuntimeDto } from './runtime.dto.js';
import { SandboxDto } from './sandbox.dto.js';

/** What submissions can be written in, and what they run in. */
export class RuntimeListDto {
  /** All languages that Assay knows, whether available or not. */
  items: RuntimeDto[];

  /** Servers that may run beside submissions, such as databases, whether available or not. */
  services: RuntimeDto[];

  sandbox: SandboxDto;

  static from(report: WorkerReport): RuntimeListDto {
    const dto = new RuntimeListDto();
    dto.items = report.runtimes.map((runtime) => RuntimeDto.from(runtime));
    dto.services = (report.services ?? []).map((service) => RuntimeDto.from(service));
    dto.sandbox = SandboxDto.from(report.sandbox);
    return dto;
  }
}
