import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { EventsModule } from '../events/events.module.js';
import { QueueModule } from '../queue/queue.module.js';
import { GradingRun } from './grading-run.entity.js';
import { GradingRuns } from './grading-runs.js';
import { Submission } from './submission.entity.js';
import { TestResult } from './test-result.entity.js';

/** The part of submissions that a worker needs: no routes. */
@Module({
  imports: [TypeOrmModule.forFeature([Submission, GradingRun, TestResult]), QueueModule, EventsModule],
  providers: [GradingRuns],
  exports: [GradingRuns],
})
export class GradingRunsModule {}
