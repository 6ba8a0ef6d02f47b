import type { IncomingMessage } from 'node:http';
import type { DynamicModule } from '@nestjs/common';
import { LoggerModule } from 'nestjs-pino';
import type { Environment } from './config/env.js';

/** Never written to a log, wherever it stands. */
const SECRETS = [
  'req.headers.authorization',
  'req.headers.cookie',
  'req.headers["idempotency-key"]',
  'res.headers["set-cookie"]',
  '*.password',
  '*.refreshToken',
  '*.accessToken',
];

/** What pino makes of an error: these, and whatever else the error has. */
interface SerializedError {
  readonly type?: unknown;
  readonly message?: unknown;
  readonly code?: unknown;
  readonly stack?: unknown;
  readonly aggregateErrors?: readonly SerializedError[];
}

/**
 * What of an error is logged. Errors of databases hold the statement and its values as well: hashes of passwords and tokens,
 * and whatever students wrote.
 */
export function loggedError({ type, message, code, stack, aggregateErrors }: SerializedError): SerializedError {
  return {
    type,
    message,
    ...(code === undefined ? {} : { code }),
    stack,
    ...(aggregateErrors === undefined ? {} : { aggregateErrors: aggregateErrors.map(loggedError) }),
  };
}

interface LoggedRequest {
  readonly id: unknown;
  readonly method: string;
  readonly url: string;
}

/** Nest hands middleware a request whose `url` may have lost its beginning; `originalUrl` has not. */
function isHealthCheck(request: IncomingMessage & { originalUrl?: string }): boolean {
  return (request.originalUrl ?? request.url ?? '').startsWith('/health/');
}

/** Structured logs, one JSON object a line, with the trace id that error answers name. Health checks are not logged. */
export function loggerModule(environment: Environment): DynamicModule {
  return LoggerModule.forRoot({
    // NestJS 12 on Fastify needs a named wildcard: the default '*' matches nothing there.
    forRoutes: ['{*splat}'],
    pinoHttp: {
      level: environment.logLevel,
      redact: { paths: SECRETS, censor: '[secret]' },
      genReqId: (request) => (typeof request.id === 'string' ? request.id : 'none'),
      autoLogging: { ignore: isHealthCheck },
      // A query may hold what a person searched for: the path is enough to find the request again.
      serializers: {
        err: loggedError,
        req: ({ id, method, url }: LoggedRequest) => ({ traceId: id, method, path: url.split('?', 1)[0] }),
        res: ({ statusCode }: { statusCode: number }) => ({ status: statusCode }),
      },
      customLogLevel: (_request, response, error) => {
        // Not being ready is an answer, not a failure; a real failure was logged with its stack where it happened.
        if (response.statusCode === 503) return 'warn';
        if (error !== undefined || response.statusCode >= 500) return 'error';
        return response.statusCode >= 400 ? 'info' : 'debug';
      },
    },
  });
}
