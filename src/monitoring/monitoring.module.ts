import { Global, Module } from '@nestjs/common';
import { collectDefaultMetrics, Registry } from 'prom-client';
import { Readiness } from './readiness.js';

/** With what Node tells of itself, the event loop's lag among it. */
function createRegistry(): Registry {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  return registry;
}

/**
 * What every part may report to: metrics, and what it needs to be ready. Global, because all parts of a process share one of
 * each. The registry is the process's own, not prom-client's, so that two applications in one test process do not clash.
 */
@Global()
@Module({
  providers: [{ provide: Registry, useFactory: createRegistry }, Readiness],
  exports: [Registry, Readiness],
})
export class MonitoringModule {}
