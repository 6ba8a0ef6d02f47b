import { type DynamicModule, Module } from '@nestjs/common';
import { HealthController } from './health.controller.js';
import { HealthService } from './health.service.js';
import { MetricsController } from './metrics.controller.js';
import { MetricsService } from './metrics.service.js';
import { ReadinessModule } from './readiness.module.js';

/** Whether this process is up and ready, and what it counts. */
@Module({})
export class HealthModule {
  /**
   * @param auth the module that exports an `AccessTokenVerifier`
   */
  static with(auth: DynamicModule): DynamicModule {
    return {
      module: HealthModule,
      imports: [ReadinessModule, auth],
      controllers: [HealthController, MetricsController],
      providers: [HealthService, MetricsService],
    };
  }
}
