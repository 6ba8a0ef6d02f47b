import { Module } from '@nestjs/common';
import { TerminusModule } from '@nestjs/terminus';
import { RedisModule } from '../redis/redis.module.js';
import { ReadinessReport } from './readiness-report.js';

/** Finds out whether a process is ready, without any route. */
@Module({
  // What is down is told by the routes; Terminus would log it at each question.
  imports: [TerminusModule.forRoot({ logger: false }), RedisModule],
  providers: [ReadinessReport],
  exports: [ReadinessReport],
})
export class ReadinessModule {}
