import { type DynamicModule, Logger, Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { GradingVersionsModule } from '../assignments/grading-versions.module.js';
import type { Environment } from '../config/env.js';
import { EventsModule } from '../events/events.module.js';
import { QueueModule } from '../queue/queue.module.js';
import { SandboxModule } from '../sandbox/sandbox.module.js';
import { StorageModule } from '../storage/storage.module.js';
import { FreshFilesModule } from '../submissions/fresh-files.module.js';
import { GradingRunsModule } from '../submissions/grading-runs.module.js';
import { User } from '../users/user.entity.js';
import { WorkerRowsModule } from '../workers/worker-rows.module.js';
import { GradeSubmission } from './grade-submission.js';
import { GradingConsumer } from './grading-consumer.js';
import { GradingMetrics } from './grading-metrics.js';
import { SandboxGuard } from './sandbox-guard.js';
import { SubmissionMaterials } from './submission-materials.js';
import { WorkerPlace } from './worker-place.js';
import { WorkerPresence } from './worker-presence.js';

/** Grades: in a process of its own, or beside the API in the embedded mode. */
@Module({})
export class WorkerModule {
  static with(environment: Environment, { besideApi }: { readonly besideApi: boolean }): DynamicModule {
    const { sandbox, sandboxRuntime, sandboxRuntimeArguments, sandboxHugePages, toolboxFolder, workerConcurrency } =
      environment;
    const logger = new Logger('Sandbox');
    return {
      module: WorkerModule,
      imports: [
        GradingRunsModule,
        GradingVersionsModule,
        EventsModule,
        QueueModule,
        StorageModule,
        FreshFilesModule,
        WorkerRowsModule,
        SandboxModule.register({
          driver: sandbox,
          oci: { runtime: sandboxRuntime, arguments: sandboxRuntimeArguments },
          hugePages: sandboxHugePages,
          toolbox: toolboxFolder,
          concurrency: workerConcurrency,
          logger: (level, message) => logger[level === 'info' ? 'log' : level](message),
        }),
        // Submissions point to it.
        TypeOrmModule.forFeature([User]),
      ],
      providers: [
        GradingConsumer,
        GradeSubmission,
        GradingMetrics,
        SandboxGuard,
        SubmissionMaterials,
        WorkerPresence,
        { provide: WorkerPlace, useValue: new WorkerPlace(besideApi) },
      ],
    };
  }
}
