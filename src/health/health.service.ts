import { Injectable } from '@nestjs/common';
import { DomainError } from '../errors/domain-error.js';
import type { LivenessDto } from './dto/liveness.dto.js';
import { ReadinessDto } from './dto/readiness.dto.js';
import { ReadinessReport } from './readiness-report.js';

/** Answers whoever starts, stops and routes to this process. */
@Injectable()
export class HealthService {
  constructor(private readonly report: ReadinessReport) {}

  live(): LivenessDto {
    return { status: 'live' };
  }

  /** @throws DomainError `unavailable` (`not_ready`) that names what is missing, and not why: anyone may ask. */
  async ready(): Promise<ReadinessDto> {
    const state = await this.report.read();
    if (state.isReady) return ReadinessDto.from(state);
    const missing = state.checks
      .filter(({ isUp, isEssential }) => !isUp && isEssential)
      .map(({ name, failing = [] }) => (failing.length === 0 ? name : `${name} (${failing.join(', ')})`));
    throw new DomainError(
      'unavailable',
      'not_ready',
      `Not ready: ${missing.join(', ')}. The log of this process says why.`,
      {
        retryAfterSeconds: 5,
      },
    );
  }
}
