import 'reflect-metadata';
import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { Logger } from 'nestjs-pino';
import { AppModule } from './app.module.js';
import { loadEnvironment } from './config/env.js';
import { endWithReason } from './end-with-reason.js';
import { requireRedis } from './require-redis.js';
import { prepareSchema } from './schema.js';
import { createHttpAdapter, setUpHttp } from './setup-http.js';
import { stopInTime } from './stop-in-time.js';

async function main(): Promise<void> {
  const environment = loadEnvironment();
  if (environment.role === 'api') requireRedis(environment, 'an API that runs apart from its workers');
  await prepareSchema(environment);
  const app = await NestFactory.create<NestFastifyApplication>(
    AppModule.with(environment),
    createHttpAdapter(environment),
    {
      bufferLogs: true,
      abortOnError: false,
    },
  );
  app.useLogger(app.get(Logger));
  await setUpHttp(app);
  stopInTime();
  await app.listen(environment.port, environment.host);
}

main().catch(endWithReason);
