import { Injectable } from '@nestjs/common';
import { RuntimeListDto } from './dto/runtime-list.dto.js';
import { combineReports } from './combine-reports.js';
import type { WorkerReport } from './worker-report.js';
import { WorkerRows } from './worker-rows.js';

/** What is said while no worker has: the languages are known, their versions are not. */
const NOBODY_REPORTED: WorkerReport = {
  runtimes: [
    ['python', 'Python'],
    ['node', 'JavaScript (Node.js)'],
    ['bash', 'Bash'],
    ['c', 'C (GCC)'],
    ['cpp', 'C++ (GCC)'],
    ['java', 'Java (OpenJDK)'],
  ].map(([key = '', title = '']) => ({
    key,
    title,
    version: null,
    available: false,
    reason: 'No worker has reported yet: start one with npm run start:worker, and look at its log.',
  })),
  sandbox: { driver: 'none', holds: {} },
};

/** Tells what the workers of this installation can run. */
@Injectable()
export class RuntimesService {
  constructor(private readonly workers: WorkerRows) {}

  async list(): Promise<RuntimeListDto> {
    return RuntimeListDto.from(combineReports(await this.workers.reports()) ?? NOBODY_REPORTED);
  }
}
