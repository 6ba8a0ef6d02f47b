import type { FastifyReply } from 'fastify';

const ANSWER = Symbol('answer');

/** What an answer says besides its body. */
export interface AnswerHead {
  /** Left out: the status of the route. */
  readonly status?: number;
  /** Where the new resource is found: a path, as the client sees it. */
  readonly location?: string;
}

/** Gives what a handler returns another status, or the `Location` of what was created. */
export function withAnswer<T extends object>(body: T, head: AnswerHead): T {
  return Object.defineProperty(body, ANSWER, { value: head, enumerable: false });
}

/** Puts on the reply what `withAnswer` put on the body. */
export function applyAnswer(reply: FastifyReply, body: unknown): void {
  if (typeof body !== 'object' || body === null) return;
  const { [ANSWER]: head }: { [ANSWER]?: AnswerHead } = body;
  if (head?.status !== undefined) void reply.status(head.status);
  if (head?.location !== undefined) void reply.header('location', head.location);
}
