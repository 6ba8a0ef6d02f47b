import fastifyHelmet from '@fastify/helmet';
import fastifyMultipart from '@fastify/multipart';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { serveAccountPages } from './account-pages.js';
import { runFrom } from './audit/origin.js';
import { Environment } from './config/env.js';
import { newId } from './database/new-id.js';
import { ProblemFilter, sendProblem } from './errors/problem.filter.js';
import { refuseOtherEncodings } from './http/body-encodings.js';
import { limitBodies, MOST_BODY_BYTES } from './http/body-limits.js';
import { takeOnlyJson } from './http/body-types.js';
import { refuseUnreadable } from './http/client-errors.js';
import { allowOrigins } from './http/cross-origin.js';
import { tagPayload } from './http/entity-tag.js';
import { EntityTagInterceptor } from './http/entity-tag.interceptor.js';
import { discardUnreadBody } from './http/unread-body.js';
import { DtoValidationPipe } from './http/validation.pipe.js';
import { serveQueueBoard } from './queue-board.js';
import { countUnguarded } from './rates/count-unguarded.js';
import { serveSwaggerUi } from './swagger-ui.js';

/** Routes that lie at the root; all others are below `/api/v1`. */
const ROOT_ROUTES = ['health/live', 'health/ready', 'metrics', 'openapi.json', 'docs', 'admin/queues'];

/** Pages need their own scripts and styles; Swagger UI puts its styles and its start-up script into the page. */
const PAGE_POLICY = [
  "default-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "script-src 'self'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "object-src 'none'",
  "base-uri 'self'",
  "form-action 'self'",
  "frame-ancestors 'none'",
].join('; ');

function isPage(url: string): boolean {
  return /^\/(docs|admin\/queues)(\/|\?|$)/.test(url);
}

/** A number of proxies is said to Fastify as the question whether to trust the one that is so many steps away. */
function trustOf({ trustedProxies }: Environment): false | string[] | ((address: string, hop: number) => boolean) {
  if (typeof trustedProxies === 'number') return (_, hop) => hop < trustedProxies;
  return trustedProxies === false ? false : [...trustedProxies];
}

/** The HTTP server with its limits: slow and oversized requests end early (see `docs/decisions/`). */
export function createHttpAdapter(environment: Environment): FastifyAdapter {
  return new FastifyAdapter({
    bodyLimit: MOST_BODY_BYTES,
    genReqId: () => newId(),
    requestTimeout: 30_000,
    connectionTimeout: 0,
    keepAliveTimeout: 5_000,
    // Node looks for what has taken too long every 30 s by itself: a trickle of bytes would hold its socket for a minute.
    http: { headersTimeout: 10_000, connectionsCheckingInterval: 5_000 },
    clientErrorHandler: refuseUnreadable,
    forceCloseConnections: 'idle',
    routerOptions: { maxParamLength: 1_200 },
    trustProxy: trustOf(environment),
    frameworkErrors: (error: unknown, request: FastifyRequest, reply: FastifyReply) =>
      sendProblem(error, request, reply),
  });
}

/**
 * Gives an application everything that is the same for `main.ts` and the end-to-end tests: prefix, validation, error
 * bodies, entity tags, security headers, multipart bodies, Swagger UI and the queue board.
 */
export async function setUpHttp(app: NestFastifyApplication): Promise<void> {
  app.setGlobalPrefix('api/v1', { exclude: ROOT_ROUTES });
  app.useGlobalPipes(new DtoValidationPipe());
  app.useGlobalFilters(new ProblemFilter());
  app.useGlobalInterceptors(new EntityTagInterceptor());
  const environment = app.get(Environment);
  app.getHttpServer().maxConnections = environment.limitConnections;
  const fastify = app.getHttpAdapter().getInstance();
  fastify.addHook('onSend', async (request, reply, payload) => {
    discardUnreadBody(request, reply);
    return tagPayload(request, reply, payload);
  });
  // Behind the reading of the body, in which what is kept beside the course of a request would be lost.
  fastify.addHook('preHandler', (request, _reply, done) => runFrom(request.ip, done));
  limitBodies(app);
  takeOnlyJson(app);
  await allowOrigins(app, environment.corsOrigins);
  await app.register(fastifyHelmet, {
    frameguard: { action: 'deny' },
    contentSecurityPolicy: { useDefaults: false, directives: { defaultSrc: ["'none'"], frameAncestors: ["'none'"] } },
  });
  // Behind the headers, which answers that end here are to have as well.
  countUnguarded(app);
  refuseOtherEncodings(app);
  fastify.addHook('onSend', async (request, reply, payload) => {
    if (isPage(request.url)) void reply.header('content-security-policy', PAGE_POLICY);
    // Swagger UI's own page does not say it, and a browser that must guess may guess wrong.
    if (reply.getHeader('content-type') === 'text/html') void reply.type('text/html; charset=utf-8');
    return payload;
  });
  await app.register(fastifyMultipart, {
    limits: { fileSize: MOST_BODY_BYTES, files: 500, fields: 10, parts: 510, fieldSize: 1_024, headerPairs: 50 },
    preservePath: true,
  });
  serveSwaggerUi(app);
  await serveQueueBoard(app);
  await serveAccountPages(app);
  // A process that was told to stop and did so has not failed: exit 0, not death by the signal.
  app.enableShutdownHooks(['SIGTERM', 'SIGINT'], { useProcessExit: true });
}
