import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { WorkerProcess } from './worker-process.entity.js';
import { WorkerRows } from './worker-rows.js';

/** Where workers and the API meet; without routes, for processes that only grade. */
@Module({
  imports: [TypeOrmModule.forFeature([WorkerProcess])],
  providers: [WorkerRows],
  exports: [WorkerRows, TypeOrmModule],
})
export class WorkerRowsModule {}
