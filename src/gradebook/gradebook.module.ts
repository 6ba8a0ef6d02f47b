import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { Assignment } from '../assignments/assignment.entity.js';
import { AssignmentsModule } from '../assignments/assignments.module.js';
import { AuditModule } from '../audit/audit.module.js';
import { CoursesModule } from '../courses/courses.module.js';
import { Enrolment } from '../courses/enrolment.entity.js';
import { ScoreOverride } from '../submissions/score-override.entity.js';
import { Submission } from '../submissions/submission.entity.js';
import { GradebookController } from './gradebook.controller.js';
import { GradebookRows } from './gradebook-rows.js';
import { GradebookService } from './gradebook.service.js';
import { OverridesController } from './overrides.controller.js';
import { OverridesService } from './overrides.service.js';

/** What counts of everything that was handed in, and what staff set in its place. */
@Module({
  imports: [
    AuditModule,
    CoursesModule,
    AssignmentsModule,
    TypeOrmModule.forFeature([Assignment, Enrolment, ScoreOverride, Submission]),
  ],
  controllers: [GradebookController, OverridesController],
  providers: [GradebookRows, GradebookService, OverridesService],
})
export class GradebookModule {}
