import { type DynamicModule, Module } from '@nestjs/common';
import { ConfigModule } from './config/config.module.js';
import type { Environment } from './config/env.js';
import { DatabaseModule } from './database/database.module.js';
import { ReadinessModule } from './health/readiness.module.js';
import { loggerModule } from './logging.js';
import { MonitoringModule } from './monitoring/monitoring.module.js';
import { WorkerModule } from './worker/worker.module.js';

/** What a process is made of that only grades: no routes, no accounts. */
@Module({})
export class WorkerProcessModule {
  static with(environment: Environment): DynamicModule {
    return {
      module: WorkerProcessModule,
      imports: [
        ConfigModule.with(environment),
        loggerModule(environment),
        DatabaseModule.forRoot(),
        MonitoringModule,
        ReadinessModule,
        WorkerModule.with(environment, { besideApi: false }),
      ],
    };
  }
}
