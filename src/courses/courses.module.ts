import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { CourseAccess } from './course-access.js';
import { Course } from './course.entity.js';
import { Enrolment } from './enrolment.entity.js';

/** Courses and who is in them. */
@Module({
  imports: [TypeOrmModule.forFeature([Course, Enrolment])],
  providers: [CourseAccess],
  exports: [CourseAccess],
})
export class CoursesModule {}
