import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import { type BeforeApplicationShutdown, Injectable, Logger } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { DomainError } from '../errors/domain-error.js';

/** One event of a stream (WHATWG HTML, section 9.2). */
export interface ServerSentEvent {
  readonly id: number;
  readonly event: string;
  readonly data: object;
}

/** Gives the events of one stream, and ends soon after the signal fires. */
export type EventSource = (signal: AbortSignal) => AsyncIterable<ServerSentEvent>;

const MOST_STREAMS_PER_USER = 20;
/** How long a client waits before it connects again. */
const RETRY_MS = 2_000;
/** Keeps proxies from ending a quiet stream, and finds clients that went away without a word. */
const HEARTBEAT_MS = 15_000;
/** A client that takes nothing for so long is cut off. */
const STALLED_MS = 60_000;
/** A stream ends after this; the client connects again, with a fresh token, where it was. */
const MOST_STREAM_MS = 600_000;

/**
 * Writes Server-Sent Events. Whatever ends a stream (its source, the client, a stalled connection, the end of the process)
 * ends its source as well, so that nothing is left behind.
 */
@Injectable()
export class EventStreams implements BeforeApplicationShutdown {
  private readonly logger = new Logger(EventStreams.name);
  private readonly openByUser = new Map<string, number>();
  private readonly running = new Set<Promise<void>>();
  private readonly shutdown = new AbortController();

  /**
   * Takes over the reply and writes events until the source ends. Resolves when the stream is over.
   *
   * @throws DomainError `limit_exceeded` (`too_many_streams`) before anything is written.
   */
  async send(reply: FastifyReply, userId: string, source: EventSource): Promise<void> {
    const open = this.openByUser.get(userId) ?? 0;
    if (this.shutdown.signal.aborted) {
      throw new DomainError('unavailable', 'shutting_down', 'This server is stopping. Connect again in a moment.', {
        retryAfterSeconds: 2,
      });
    }
    if (open >= MOST_STREAMS_PER_USER) {
      throw new DomainError(
        'limit_exceeded',
        'too_many_streams',
        `You have ${MOST_STREAMS_PER_USER} event streams open already: close one, or poll instead.`,
        { retryAfterSeconds: 30 },
      );
    }
    if (reply.request.method === 'HEAD') {
      await reply.type('text/event-stream; charset=utf-8').send();
      return;
    }
    this.openByUser.set(userId, open + 1);
    const stream = this.run(reply, source).finally(() => this.release(userId, stream));
    this.running.add(stream);
    await stream;
  }

  /** Ends all streams, so that the server can close; clients connect again elsewhere. */
  async beforeApplicationShutdown(): Promise<void> {
    this.shutdown.abort();
    await Promise.allSettled(this.running);
  }

  private release(userId: string, stream: Promise<void>): void {
    this.running.delete(stream);
    const left = (this.openByUser.get(userId) ?? 1) - 1;
    if (left > 0) this.openByUser.set(userId, left);
    else this.openByUser.delete(userId);
  }

  private async run(reply: FastifyReply, source: EventSource): Promise<void> {
    // Fastify lets go of the reply; what its hooks have put on it so far (security headers) is sent as well.
    reply.hijack();
    const { raw } = reply;
    for (const [name, value] of Object.entries(reply.getHeaders())) if (value !== undefined) raw.setHeader(name, value);
    raw.setHeader('content-type', 'text/event-stream; charset=utf-8');
    raw.setHeader('cache-control', 'no-store');
    // Nginx would collect events and send them together.
    raw.setHeader('x-accel-buffering', 'no');
    raw.writeHead(200);
    raw.socket?.setNoDelay(true);
    const left = new AbortController();
    const leave = (): void => left.abort();
    raw.once('close', leave);
    raw.on('error', leave);
    const signal = AbortSignal.any([left.signal, this.shutdown.signal, AbortSignal.timeout(MOST_STREAM_MS)]);
    const heartbeat = setInterval(() => {
      if (raw.writable && !raw.writableNeedDrain) raw.write(': still here\n\n');
    }, HEARTBEAT_MS);
    try {
      raw.write(`retry: ${RETRY_MS}\n\n`);
      for await (const event of source(signal)) {
        if (signal.aborted) break;
        if (!raw.write(format(event)) && !(await drained(raw, signal))) break;
      }
    } catch (error) {
      // The client finds the stream ended, connects again and goes on where it was.
      if (!signal.aborted) this.logger.error({ err: error }, 'An event stream failed');
    } finally {
      clearInterval(heartbeat);
      raw.off('close', leave);
      if (raw.writable) raw.end();
    }
  }
}

function format({ id, event, data }: ServerSentEvent): string {
  // JSON has no line breaks of its own, so that the data is one line.
  return `id: ${id}\nevent: ${event}\ndata: ${JSON.stringify(data)}\n\n`;
}

/** Waits until the client has taken what was written; false when it did not in time, or the stream is to end. */
async function drained(raw: ServerResponse, signal: AbortSignal): Promise<boolean> {
  const done = new AbortController();
  const either = AbortSignal.any([signal, done.signal]);
  try {
    const isDrained = await Promise.race([
      once(raw, 'drain', { signal: either }).then(() => true),
      pause(STALLED_MS, false, { signal: either }),
    ]);
    if (!isDrained) raw.destroy();
    return isDrained;
  } catch {
    // The signal fired: the stream is over.
    return false;
  } finally {
    done.abort();
  }
}
