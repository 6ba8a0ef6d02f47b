import { Module } from '@nestjs/common';
import { RedisModule } from '../redis/redis.module.js';
import { WorkerReports } from './worker-reports.js';

/** Where workers report and the API reads; without the route, for processes that only grade. */
@Module({ imports: [RedisModule], providers: [WorkerReports], exports: [WorkerReports] })
export class WorkerReportsModule {}
