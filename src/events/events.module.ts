import { Module } from '@nestjs/common';
import { RedisConnections } from '../redis/redis-connections.js';
import { RedisModule } from '../redis/redis.module.js';
import { InProcessRunEvents } from './in-process-run-events.js';
import { RedisRunEvents } from './redis-run-events.js';
import { RunEvents } from './run-events.js';

/** Carries grading events to those who watch: through Redis where one is configured, else within the process. */
@Module({
  imports: [RedisModule],
  providers: [
    {
      provide: RunEvents,
      inject: [RedisConnections],
      useFactory: (redis: RedisConnections): RunEvents =>
        redis.isConfigured ? new RedisRunEvents(redis) : new InProcessRunEvents(),
    },
  ],
  exports: [RunEvents],
})
export class EventsModule {}
