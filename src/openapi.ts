import 'reflect-metadata';
import { writeFile } from 'node:fs/promises';
import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { AppModule } from './app.module.js';
import { loadEnvironment } from './config/env.js';
import { endWithReason } from './end-with-reason.js';
import { createOpenApiDocument } from './openapi-document.js';
import { createHttpAdapter, setUpHttp } from './setup-http.js';

/** Writes the OpenAPI document to the file named on the command line, without serving anything. */
async function main(): Promise<void> {
  const file = process.argv[2];
  if (file === undefined) throw new Error('Name the file to write, for example: npm run openapi -- openapi.json');
  const environment = loadEnvironment();
  const app = await NestFactory.create<NestFastifyApplication>(
    AppModule.with(environment),
    createHttpAdapter(environment),
    {
      logger: ['error'],
      abortOnError: false,
    },
  );
  await setUpHttp(app);
  await writeFile(file, `${JSON.stringify(createOpenApiDocument(app), null, 2)}\n`);
  await app.close();
}

main().catch(endWithReason);
