import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { AssignmentsModule } from '../assignments/assignments.module.js';
import { AuditModule } from '../audit/audit.module.js';
import { CoursesModule } from '../courses/courses.module.js';
import { EventsModule } from '../events/events.module.js';
import { EventStreams } from '../http/event-streams.js';
import { QueueModule } from '../queue/queue.module.js';
import { StorageModule } from '../storage/storage.module.js';
import { UsersModule } from '../users/users.module.js';
import { CancelService } from './cancel.service.js';
import { FailureMetrics } from './failure-metrics.js';
import { FreshFilesModule } from './fresh-files.module.js';
import { GradingRun } from './grading-run.entity.js';
import { IncidentsController } from './incidents.controller.js';
import { IncidentsService } from './incidents.service.js';
import { OrphanSweeper } from './orphan-sweeper.js';
import { RejudgeAccess } from './rejudge-access.js';
import { RejudgeDecisionService } from './rejudge-decision.service.js';
import { RejudgeDifferencesService } from './rejudge-differences.service.js';
import { RejudgeDriver } from './rejudge-driver.js';
import { RejudgeSteps } from './rejudge-steps.js';
import { RejudgeService } from './rejudge.service.js';
import { Rejudge } from './rejudge.entity.js';
import { RejudgesController } from './rejudges.controller.js';
import { ScoreOverride } from './score-override.entity.js';
import { SubmissionAccess } from './submission-access.js';
import { SubmissionEventsController } from './submission-events.controller.js';
import { SubmissionEventsService } from './submission-events.service.js';
import { SubmissionFilesService } from './submission-files.service.js';
import { SubmissionQuotas } from './quotas.js';
import { SubmissionLine } from './submission-line.js';
import { SubmissionWatch } from './submission-watch.js';
import { Submission } from './submission.entity.js';
import { SubmissionsController } from './submissions.controller.js';
import { SubmissionsService } from './submissions.service.js';
import { SubmitService } from './submit.service.js';
import { TestResult } from './test-result.entity.js';
import { WaitEstimates } from './wait-estimates.js';

/** Handing work in, seeing what it was given, and having it graded again. */
@Module({
  imports: [
    TypeOrmModule.forFeature([Submission, GradingRun, TestResult, ScoreOverride, Rejudge]),
    AssignmentsModule,
    AuditModule,
    CoursesModule,
    StorageModule,
    QueueModule,
    EventsModule,
    UsersModule,
    FreshFilesModule,
  ],
  controllers: [SubmissionsController, SubmissionEventsController, RejudgesController, IncidentsController],
  providers: [
    EventStreams,
    SubmissionAccess,
    SubmissionsService,
    SubmitService,
    SubmissionFilesService,
    CancelService,
    RejudgeAccess,
    FailureMetrics,
    IncidentsService,
    RejudgeService,
    RejudgeDecisionService,
    RejudgeDifferencesService,
    RejudgeSteps,
    RejudgeDriver,
    SubmissionWatch,
    SubmissionLine,
    SubmissionQuotas,
    WaitEstimates,
    OrphanSweeper,
    SubmissionEventsService,
  ],
  exports: [SubmissionAccess, SubmissionsService],
})
export class SubmissionsModule {}
