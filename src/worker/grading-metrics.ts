import { Injectable } from '@nestjs/common';
import { Counter, Gauge, Histogram, Registry } from 'prom-client';

/** How work on a claimed run ended, seen from this worker. */
export type GradingEnd = 'graded' | 'failed' | 'handed_back' | 'cancelled' | 'stale';

/** What this worker counts. */
@Injectable()
export class GradingMetrics {
  private readonly ends: Counter<'outcome'>;
  private readonly stale: Counter;
  private readonly duration: Histogram;
  private readonly running: Gauge;

  constructor(registry: Registry) {
    const registers = [registry];
    this.ends = new Counter({
      name: 'assay_grading_runs_total',
      help: 'Claimed grading runs, by how the work of this worker on them ended',
      labelNames: ['outcome'],
      registers,
    });
    this.stale = new Counter({
      name: 'assay_stale_results_total',
      help: 'Results that were refused because another worker had taken the run over',
      registers,
    });
    this.duration = new Histogram({
      name: 'assay_grading_duration_seconds',
      help: 'Time from claim to stored result',
      buckets: [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300],
      registers,
    });
    this.running = new Gauge({ name: 'assay_grading_running', help: 'Runs that this worker grades now', registers });
  }

  started(): void {
    this.running.inc();
  }

  ended(outcome: GradingEnd, milliseconds: number): void {
    this.running.dec();
    this.ends.inc({ outcome });
    if (outcome === 'stale') this.stale.inc();
    if (outcome === 'graded') this.duration.observe(milliseconds / 1_000);
  }
}
