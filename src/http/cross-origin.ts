import fastifyCors from '@fastify/cors';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';

/** What scripts of other origins may read of an answer, besides what every script may. */
const EXPOSED = ['etag', 'location', 'retry-after', 'ratelimit-limit', 'ratelimit-remaining', 'ratelimit-reset'];
const SENT = ['authorization', 'content-type', 'idempotency-key', 'if-match', 'if-none-match', 'last-event-id'];
const PREFLIGHT_S = 600;

/**
 * Lets pages of these origins call the API from a browser; none may where the list is empty. Never with cookies: the API takes
 * bearer tokens, which no browser sends by itself.
 */
export async function allowOrigins(app: NestFastifyApplication, origins: readonly string[]): Promise<void> {
  if (origins.length === 0) return;
  await app.register(fastifyCors, {
    origin: [...origins],
    methods: ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'],
    allowedHeaders: SENT,
    exposedHeaders: EXPOSED,
    credentials: false,
    maxAge: PREFLIGHT_S,
  });
}
