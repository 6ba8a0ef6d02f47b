import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { CoursesModule } from '../courses/courses.module.js';
import { AssignmentAccess } from './assignment-access.js';
import { Assignment } from './assignment.entity.js';
import { GradingVersion } from './grading-version.entity.js';
import { GradingVersions } from './grading-versions.js';

/** Assignments and the versions of how they are graded. */
@Module({
  imports: [CoursesModule, TypeOrmModule.forFeature([Assignment, GradingVersion])],
  providers: [AssignmentAccess, GradingVersions],
  exports: [AssignmentAccess, GradingVersions],
})
export class AssignmentsModule {}
