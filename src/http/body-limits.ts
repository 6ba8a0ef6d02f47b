import type { NestFastifyApplication } from '@nestjs/platform-fastify';

const MIB = 1024 * 1024;

/** Largest body, in bytes: what a submission may have. */
export const MOST_BODY_BYTES = 10 * MIB;

/** On all other routes: bodies are read before anyone asks who sent them, so strangers should not fill the memory. */
const MOST_PLAIN_BODY_BYTES = MIB;

/** Routes that take submitted files, grading documents or packages. */
const LARGE = /\/(?:submissions|assignments|assignments\/:assignmentId|assignments\/import)$/;

/** Holds each route to the body that it needs. To be called before routes are added. */
export function limitBodies(app: NestFastifyApplication): void {
  app
    .getHttpAdapter()
    .getInstance()
    .addHook('onRoute', (route) => {
      route.bodyLimit ??= LARGE.test(route.url) ? MOST_BODY_BYTES : MOST_PLAIN_BODY_BYTES;
    });
}
