import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { AuditModule } from '../audit/audit.module.js';
import { CoursesModule } from '../courses/courses.module.js';
import { AssignmentAccess } from './assignment-access.js';
import { AssignmentCreation } from './assignment-creation.js';
import { AssignmentLists } from './assignment-lists.service.js';
import { Assignment } from './assignment.entity.js';
import { AssignmentsController } from './assignments.controller.js';
import { AssignmentsService } from './assignments.service.js';
import { GradingCheck } from './grading-check.js';
import { GradingPresenter } from './grading-presenter.js';
import { GradingVersionsModule } from './grading-versions.module.js';
import { PublicationChecks } from './publication-checks.js';

/** Assignments and the versions of how they are graded. */
@Module({
  imports: [AuditModule, CoursesModule, GradingVersionsModule, TypeOrmModule.forFeature([Assignment])],
  controllers: [AssignmentsController],
  providers: [
    AssignmentAccess,
    AssignmentCreation,
    AssignmentLists,
    AssignmentsService,
    GradingCheck,
    GradingPresenter,
    PublicationChecks,
  ],
  exports: [AssignmentAccess, AssignmentCreation, GradingVersionsModule, PublicationChecks],
})
export class AssignmentsModule {}
