import { type ArgumentsHost, Catch, type ExceptionFilter, Logger } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { describeError, type ErrorDescription } from './describe-error.js';
import type { Problem } from './problem.js';

/** The body of an error answer. */
export function problemOf(error: ErrorDescription, request: FastifyRequest): Problem {
  return {
    type: `/docs#problem-${error.code}`,
    title: error.title,
    status: error.status,
    detail: error.detail,
    instance: request.url.split('?', 1)[0] ?? '/',
    code: error.code,
    traceId: request.id,
    ...(error.errors === undefined ? {} : { errors: error.errors }),
  };
}

/** What a 401 asks for; says so when a token was sent that is of no use (RFC 6750, section 3.1). */
function challengeOf(code: string): string {
  return code === 'invalid_token' ? 'Bearer realm="assay", error="invalid_token"' : 'Bearer realm="assay"';
}

/** Sends an error as problem details. Used by the filter and by the HTTP server's own error handlers. */
export function sendProblem(error: unknown, request: FastifyRequest, reply: FastifyReply): void {
  const described = describeError(error);
  if (described.unexpected) logger.error({ err: error, traceId: request.id, code: described.code }, 'A request failed');
  if (LOGGED_REFUSALS.has(described.status)) logger.log(refusalOf(described, request), 'A request was refused');
  if (reply.sent || reply.raw.headersSent) {
    // An event stream that breaks midway: there is no way left to say so but to end it.
    reply.raw.destroy();
    return;
  }
  void reply
    .status(described.status)
    .header('content-type', 'application/problem+json; charset=utf-8')
    .header('cache-control', 'no-store');
  if (described.status === 401) void reply.header('www-authenticate', challengeOf(described.code));
  if (described.code === 'insufficient_scope') {
    void reply.header('www-authenticate', 'Bearer realm="assay", error="insufficient_scope"');
  }
  if (described.retryAfterSeconds !== undefined) void reply.header('retry-after', String(described.retryAfterSeconds));
  void reply.send(JSON.stringify(problemOf(described, request)));
}

const logger = new Logger('Http');

/** Who was not let in, and who asked too often: for whoever must find out later what was tried. */
const LOGGED_REFUSALS: ReadonlySet<number> = new Set([401, 403, 429]);

function refusalOf({ code, status }: ErrorDescription, request: FastifyRequest): object {
  const user: unknown = 'user' in request ? request.user : null;
  const userId = typeof user === 'object' && user !== null && 'userId' in user ? user.userId : null;
  const path = request.url.split('?', 1)[0];
  return { code, status, method: request.method, path, address: request.ip, userId, traceId: request.id };
}

@Catch()
export class ProblemFilter implements ExceptionFilter {
  catch(error: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    sendProblem(error, http.getRequest<FastifyRequest>(), http.getResponse<FastifyReply>());
  }
}
