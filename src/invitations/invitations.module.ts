import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { AuditModule } from '../audit/audit.module.js';
import { CoursesModule } from '../courses/courses.module.js';
import { MailModule } from '../mail/mail.module.js';
import { UsersModule } from '../users/users.module.js';
import { AcceptanceController } from './acceptance.controller.js';
import { AcceptanceService } from './acceptance.service.js';
import { CourseInvitationsController } from './course-invitations.controller.js';
import { Invitation } from './invitation.entity.js';
import { InviteService } from './invite.service.js';
import { PlatformInvitationsController } from './platform-invitations.controller.js';

/** Inviting people by mail. */
@Module({
  imports: [TypeOrmModule.forFeature([Invitation]), AuditModule, UsersModule, CoursesModule, MailModule],
  controllers: [CourseInvitationsController, PlatformInvitationsController, AcceptanceController],
  providers: [InviteService, AcceptanceService],
})
export class InvitationsModule {}
