import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { AuditModule } from '../audit/audit.module.js';
import { User } from '../users/user.entity.js';
import { CourseAccess } from './course-access.js';
import { Course } from './course.entity.js';
import { CoursesController } from './courses.controller.js';
import { CoursesService } from './courses.service.js';
import { EnrolController } from './enrol.controller.js';
import { EnrolService } from './enrol.service.js';
import { Enrolment } from './enrolment.entity.js';
import { MembersController } from './members.controller.js';
import { MembersService } from './members.service.js';

/** Courses and who is in them. */
@Module({
  imports: [AuditModule, TypeOrmModule.forFeature([Course, Enrolment, User])],
  controllers: [CoursesController, MembersController, EnrolController],
  providers: [CourseAccess, CoursesService, MembersService, EnrolService],
  exports: [CourseAccess],
})
export class CoursesModule {}
