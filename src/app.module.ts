import { type DynamicModule, Module } from '@nestjs/common';
import { AssignmentsModule } from './assignments/assignments.module.js';
import { AuthModule } from './auth/auth.module.js';
import { AuthoringModule } from './authoring/authoring.module.js';
import { ConfigModule } from './config/config.module.js';
import type { Environment } from './config/env.js';
import { CoursesModule } from './courses/courses.module.js';
import { DatabaseModule } from './database/database.module.js';
import { GradebookModule } from './gradebook/gradebook.module.js';
import { HealthModule } from './health/health.module.js';
import { HttpModule } from './http/http.module.js';
import { InvitationsModule } from './invitations/invitations.module.js';
import { loggerModule } from './logging.js';
import { MailModule } from './mail/mail.module.js';
import { MonitoringModule } from './monitoring/monitoring.module.js';
import { QueueModule } from './queue/queue.module.js';
import { SubmissionsModule } from './submissions/submissions.module.js';
import { UsersModule } from './users/users.module.js';
import { WorkerModule } from './worker/worker.module.js';
import { WorkersModule } from './workers/workers.module.js';

export interface AppChoices {
  /** Refuse writes that do not go through `Transactions.run`; for tests. */
  readonly guardWrites?: boolean;
}

/** What the HTTP process is made of. With `role: all` the worker runs in it as well. */
@Module({})
export class AppModule {
  static with(environment: Environment, choices: AppChoices = {}): DynamicModule {
    const auth = AuthModule.with(UsersModule);
    return {
      module: AppModule,
      imports: [
        ConfigModule.with(environment),
        loggerModule(environment),
        DatabaseModule.forRoot(choices),
        HttpModule,
        MonitoringModule,
        auth,
        HealthModule.with(auth),
        MailModule,
        UsersModule,
        CoursesModule,
        InvitationsModule,
        AssignmentsModule,
        SubmissionsModule,
        AuthoringModule,
        GradebookModule,
        QueueModule,
        WorkersModule,
        ...(environment.role === 'all' ? [WorkerModule.with(environment, { besideApi: true })] : []),
      ],
    };
  }
}
