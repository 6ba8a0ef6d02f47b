import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { AssignmentsModule } from '../assignments/assignments.module.js';
import { AuditModule } from '../audit/audit.module.js';
import { CoursesModule } from '../courses/courses.module.js';
import { QueueModule } from '../queue/queue.module.js';
import { StorageModule } from '../storage/storage.module.js';
import { ExportService } from './export.service.js';
import { ImportService } from './import.service.js';
import { ModelFiles } from './model-files.js';
import { ModelSubmission } from './model-submission.entity.js';
import { PackagesController } from './packages.controller.js';
import { ProofBeforePublication } from './proof-before-publication.js';
import { VerificationItem } from './verification-item.entity.js';
import { VerificationResults } from './verification-results.js';
import { VerificationStart } from './verification-start.js';
import { Verification } from './verification.entity.js';
import { VerificationsController } from './verifications.controller.js';
import { VerificationsService } from './verifications.service.js';

/** Bringing assignments in as packages, proving them by their model submissions, and taking them out again. */
@Module({
  imports: [
    TypeOrmModule.forFeature([ModelSubmission, Verification, VerificationItem]),
    AssignmentsModule,
    AuditModule,
    CoursesModule,
    QueueModule,
    StorageModule,
  ],
  controllers: [PackagesController, VerificationsController],
  providers: [
    ExportService,
    ImportService,
    ModelFiles,
    ProofBeforePublication,
    VerificationResults,
    VerificationStart,
    VerificationsService,
  ],
})
export class AuthoringModule {}
