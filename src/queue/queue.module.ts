import { BullModule, getQueueToken } from '@nestjs/bull';
import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { RedisConnections } from '../redis/redis-connections.js';
import { RedisModule } from '../redis/redis.module.js';
import { BullGradingQueue, type BullQueue, bullOptions, GRADING_QUEUE } from './bull-grading-queue.js';
import { GradingQueue } from './grading-queue.js';
import { InProcessGradingQueue } from './in-process-grading-queue.js';
import { OutboxMessage } from './outbox-message.entity.js';
import { OutboxRelay } from './outbox-relay.js';
import { Outbox } from './outbox.js';
import { QueueMetrics } from './queue-metrics.js';
import { QueuePositions } from './queue-positions.js';
import { WayForRequests } from './way-for-requests.js';

/** Hands grading runs over: through Bull where a Redis is configured, else within the process. */
@Module({
  imports: [
    RedisModule,
    TypeOrmModule.forFeature([OutboxMessage]),
    BullModule.registerQueueAsync({
      name: GRADING_QUEUE,
      imports: [RedisModule],
      inject: [RedisConnections],
      useFactory: bullOptions,
    }),
  ],
  providers: [
    Outbox,
    OutboxRelay,
    QueueMetrics,
    QueuePositions,
    WayForRequests,
    {
      provide: GradingQueue,
      inject: [RedisConnections, getQueueToken(GRADING_QUEUE), WayForRequests],
      useFactory: (redis: RedisConnections, queue: BullQueue, way: WayForRequests): GradingQueue =>
        redis.isConfigured ? new BullGradingQueue(queue) : new InProcessGradingQueue(way),
    },
  ],
  exports: [Outbox, OutboxRelay, QueuePositions, WayForRequests, GradingQueue, BullModule],
})
export class QueueModule {}
