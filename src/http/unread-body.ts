import type { FastifyReply, FastifyRequest } from 'fastify';

/**
 * Lets a client that is still sending its body read the answer, such as a 413. To hang up while bytes arrive would reset the
 * connection, and most clients then report that instead of our answer. What still comes is thrown away unread, for as long
 * as the server's limit on the time of a request allows.
 */
export function discardUnreadBody(request: FastifyRequest, reply: FastifyReply): void {
  if (request.raw.complete) return;
  void reply.removeHeader('connection');
  // Also for a client that asked to close: it closes when it has read the answer.
  reply.raw.shouldKeepAlive = true;
  request.raw.resume();
}
