import { Injectable } from '@nestjs/common';
import { Gauge, Registry } from 'prom-client';
import { DataSource } from 'typeorm';
import { GradingQueue } from './grading-queue.js';
import { OutboxMessage } from './outbox-message.entity.js';

/** Tells how much waits; asked when the metrics are read. A figure that cannot be had is NaN: an outage is not zero. */
@Injectable()
export class QueueMetrics {
  constructor(registry: Registry, queue: GradingQueue, dataSource: DataSource) {
    gauge(registry, 'assay_queue_waiting', 'Grading runs that the queue has and no worker has taken', () =>
      queue.waiting(),
    );
    gauge(
      registry,
      'assay_outbox_messages',
      'Grading runs that are not over: waiting, backing off or being graded',
      () => dataSource.manager.count(OutboxMessage),
    );
  }
}

function gauge(registry: Registry, name: string, help: string, ask: () => Promise<number>): void {
  const created: Gauge = new Gauge({
    name,
    help,
    registers: [registry],
    collect: async () => {
      created.set(await ask().catch(() => Number.NaN));
    },
  });
}
