import { createBullBoard } from '@bull-board/api';
import { BullAdapter } from '@bull-board/api/bullAdapter';
import { FastifyAdapter } from '@bull-board/fastify';
import { getQueueToken } from '@nestjs/bull';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { AccessTokenVerifier } from './auth/access-token-verifier.js';
import { Environment } from './config/env.js';
import { DomainError } from './errors/domain-error.js';
import { sendProblem } from './errors/problem.filter.js';
import { BOARD_PATH, QueueBoardAccess } from './queue-board-access.js';
import { type BullQueue, GRADING_QUEUE } from './queue/bull-grading-queue.js';
import { SessionsService } from './users/sessions.service.js';

/** What browsers show when they ask for name and password. */
const CHALLENGE = 'Basic realm="Assay queue board", charset="UTF-8"';

/** Serves the Bull board at `/admin/queues` to administrators; where there is no Bull, says so. */
export async function serveQueueBoard(app: NestFastifyApplication): Promise<void> {
  const environment = app.get(Environment);
  if (environment.redisUrl === null) {
    await app.register(withoutBoard);
    return;
  }
  const access = new QueueBoardAccess(
    app.get(SessionsService, { strict: false }),
    app.get(AccessTokenVerifier, { strict: false }),
    environment.publicUrl.startsWith('https:'),
  );
  const queue = app.get<BullQueue>(getQueueToken(GRADING_QUEUE), { strict: false });
  await app.register(async (instance: FastifyInstance) => serveBoard(instance, queue, access));
}

async function serveBoard(instance: FastifyInstance, queue: BullQueue, access: QueueBoardAccess): Promise<void> {
  instance.addHook('onRequest', async (request, reply) => admit(access, request, reply));
  instance.addHook('onSend', async (_request, reply, payload) => {
    if (reply.statusCode === 401) void reply.header('www-authenticate', CHALLENGE);
    return payload;
  });
  const server = new FastifyAdapter();
  server.setBasePath(BOARD_PATH);
  const description = 'Ids of grading runs on their way to a worker. What is lost here comes back from the outbox.';
  createBullBoard({
    queues: [new BullAdapter(queue, { description })],
    serverAdapter: server,
    options: { uiConfig: { boardTitle: 'Assay' } },
  });
  await instance.register(server.registerPlugin(), { prefix: BOARD_PATH });
}

/** The board's own plugin has an error handler that knows nothing of ours: refusals are sent here. */
async function admit(
  access: QueueBoardAccess,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply | undefined> {
  try {
    const { cookie } = await access.admit(request);
    if (cookie !== null) void reply.header('set-cookie', cookie);
    return undefined;
  } catch (error) {
    sendProblem(error, request, reply);
    return reply;
  }
}

async function withoutBoard(instance: FastifyInstance): Promise<void> {
  instance.get(BOARD_PATH, refuseBoard);
  instance.get(`${BOARD_PATH}/*`, refuseBoard);
}

async function refuseBoard(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  const detail = 'The embedded queue has no board: it lives in this process. Set REDIS_URL to queue through Bull.';
  sendProblem(new DomainError('not_found', 'no_queue_board', detail), request, reply);
  return reply;
}
