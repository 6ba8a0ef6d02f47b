import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { Course } from '../courses/course.entity.js';
import { Assignment } from './assignment.entity.js';
import { GradingVersion } from './grading-version.entity.js';
import { GradingVersions } from './grading-versions.js';

/** The part of assignments that a worker needs: no routes, and one cache for all of a process. */
@Module({
  // With the entities that a version points to: a worker loads no other module that would name them.
  imports: [TypeOrmModule.forFeature([GradingVersion, Assignment, Course])],
  providers: [GradingVersions],
  exports: [GradingVersions],
})
export class GradingVersionsModule {}
