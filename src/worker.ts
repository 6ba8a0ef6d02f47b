import 'reflect-metadata';
import { NestFactory } from '@nestjs/core';
import { Logger } from 'nestjs-pino';
import { Registry } from 'prom-client';
import { loadEnvironment } from './config/env.js';
import { endWithReason } from './end-with-reason.js';
import { HealthServer } from './health/health-server.js';
import { ReadinessReport } from './health/readiness-report.js';
import { requireRedis } from './require-redis.js';
import { prepareSchema } from './schema.js';
import { stopInTime } from './stop-in-time.js';
import { WorkerProcessModule } from './worker-process.module.js';

/** A process that only grades. It serves no routes but, where `WORKER_HEALTH_PORT` is set, its own health and metrics. */
async function main(): Promise<void> {
  const environment = loadEnvironment();
  requireRedis(environment, 'a worker that runs apart from the API');
  await prepareSchema(environment);
  const app = await NestFactory.createApplicationContext(WorkerProcessModule.with(environment), {
    bufferLogs: true,
    abortOnError: false,
  });
  app.useLogger(app.get(Logger));
  app.enableShutdownHooks(['SIGTERM', 'SIGINT'], { useProcessExit: true });
  stopInTime();
  if (environment.workerHealthPort === null) return;
  const server = new HealthServer({ report: app.get(ReadinessReport), registry: app.get(Registry) });
  await server.listen(environment.workerHealthPort, environment.host);
}

main().catch(endWithReason);
