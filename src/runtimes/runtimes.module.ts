import { Module } from '@nestjs/common';
import { RuntimesController } from './runtimes.controller.js';
import { RuntimesService } from './runtimes.service.js';
import { WorkerReportsModule } from './worker-reports.module.js';

@Module({ imports: [WorkerReportsModule], controllers: [RuntimesController], providers: [RuntimesService] })
export class RuntimesModule {}
