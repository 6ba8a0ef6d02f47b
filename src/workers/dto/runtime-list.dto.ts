import type { WorkerReport } from '../worker-report.js';
import { RuntimeDto } from './runtime.dto.js';
import { SandboxDto } from './sandbox.dto.js';

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
    dto.sandbox = SandboxDto.from(report.sandbox);
    return dto;
  }
}
