import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { sendProblem } from '../errors/problem.filter.js';
import { countRequest } from './count-request.js';
import { RateLimits } from './rate-limits.js';

/** What no guard of Nest sees. */
const PAGES = /^\/(?:docs|openapi\.(?:json|yaml)|admin\/queues|api\/v1\/account)(?:[/?]|$)/;
/** Forms that take passwords and mailed tokens: as dear as signing in. */
const FORMS = /^\/api\/v1\/account\//;

/** Counts, by address, requests for pages and for routes that do not exist. The guards count all others. */
export function countUnguarded(app: NestFastifyApplication): void {
  const rates = app.get(RateLimits, { strict: false });
  app
    .getHttpAdapter()
    .getInstance()
    .addHook('onRequest', async (request, reply) => {
      if (!request.is404 && !PAGES.test(request.url)) return undefined;
      try {
        const isForm = request.method === 'POST' && FORMS.test(request.url);
        await countRequest(rates, request, reply, [
          { kind: 'address' },
          ...(isForm ? [{ kind: 'signIn' } as const] : []),
        ]);
        return undefined;
      } catch (error) {
        // Pages have error handlers of their own, which know nothing of ours.
        sendProblem(error, request, reply);
        return reply;
      }
    });
}
