import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { AuditModule } from '../audit/audit.module.js';
import { GradingRun } from '../submissions/grading-run.entity.js';
import { RuntimesController } from './runtimes.controller.js';
import { RuntimesService } from './runtimes.service.js';
import { WorkerRowsModule } from './worker-rows.module.js';
import { WorkersController } from './workers.controller.js';
import { WorkersService } from './workers.service.js';

/** What workers can run, for everyone; what they do, for administrators, who may pause and drain them. */
@Module({
  imports: [AuditModule, WorkerRowsModule, TypeOrmModule.forFeature([GradingRun])],
  controllers: [RuntimesController, WorkersController],
  providers: [RuntimesService, WorkersService],
})
export class WorkersModule {}
