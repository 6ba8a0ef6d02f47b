import { Injectable } from '@nestjs/common';
import { Gauge, Registry } from 'prom-client';
import { DataSource } from 'typeorm';
import { GradingRun } from './grading-run.entity.js';

/** Tells how many grading runs Assay gave up; asked when the metrics are read. NaN where it cannot be had. */
@Injectable()
export class FailureMetrics {
  constructor(registry: Registry, dataSource: DataSource) {
    const gauge: Gauge = new Gauge({
      name: 'assay_failed_runs',
      help: 'Grading runs that were given up, of all that are stored: when it rises, look at the log',
      registers: [registry],
      collect: async () => {
        gauge.set(await dataSource.manager.countBy(GradingRun, { status: 'failed' }).catch(() => Number.NaN));
      },
    });
  }
}
