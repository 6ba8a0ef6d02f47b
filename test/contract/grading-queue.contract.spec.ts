import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { Logger } from '@nestjs/common';
import Bull from 'bull';
import { Redis } from 'ioredis';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { parseEnvironment } from '../../src/config/env.js';
import { BullGradingQueue, bullOptions, GRADING_QUEUE, type GradingJob } from '../../src/queue/bull-grading-queue.js';
import type { GradingQueue } from '../../src/queue/grading-queue.js';
import { InProcessGradingQueue } from '../../src/queue/in-process-grading-queue.js';
import { WayForRequests } from '../../src/queue/way-for-requests.js';
import { RedisConnections } from '../../src/redis/redis-connections.js';
import { waitFor } from '../support/wait-for.js';

const REDIS_URL = process.env['TEST_REDIS_URL'] ?? 'redis://127.0.0.1:6379';

interface Subject {
  readonly queue: GradingQueue;
  /** Cuts the queue off as a killed process would be, with whatever its handlers are doing. */
  crash(): Promise<void>;
}

interface Installation {
  /** One process's end of the same queue. */
  open(): Subject;
  remove(): Promise<void>;
}

function inProcess(): Installation {
  const queues: InProcessGradingQueue[] = [];
  return {
    open: () => {
      const queue = new InProcessGradingQueue(new WayForRequests());
      queues.push(queue);
      return { queue, crash: () => queue.close(0) };
    },
    remove: async () => {
      await Promise.all(queues.map((queue) => queue.close(0)));
    },
  };
}

function bull(redisUrl = REDIS_URL): Installation {
  const prefix = `{assay-test-${randomUUID()}}`;
  const environment = parseEnvironment({ REDIS_URL: redisUrl, REDIS_PREFIX: prefix });
  const opened: { queue: BullGradingQueue; bullQueue: Bull.Queue<GradingJob>; connections: RedisConnections }[] = [];
  return {
    open: () => {
      const connections = new RedisConnections(environment);
      const bullQueue = new Bull<GradingJob>(GRADING_QUEUE, bullOptions(connections));
      const queue = new BullGradingQueue(bullQueue);
      opened.push({ queue, bullQueue, connections });
      return {
        queue,
        crash: async () => {
          connections.onApplicationShutdown();
          await Promise.resolve();
        },
      };
    },
    remove: async () => {
      for (const { queue, bullQueue, connections } of opened) {
        await queue.close(0);
        await bullQueue.close(true);
        connections.onApplicationShutdown();
      }
      if (redisUrl !== REDIS_URL) return;
      const redis = new Redis(REDIS_URL);
      const keys = await redis.keys(`${prefix}*`);
      if (keys.length > 0) await redis.del(...keys);
      redis.disconnect();
    },
  };
}

/** A handler that waits until the test lets it go. */
class Gate {
  readonly started: string[] = [];
  readonly ended: string[] = [];
  most = 0;
  private running = 0;
  private isOpen = false;
  private readonly waiting: (() => void)[] = [];

  readonly handle = async (runId: string): Promise<void> => {
    this.started.push(runId);
    this.running += 1;
    this.most = Math.max(this.most, this.running);
    if (!this.isOpen) await new Promise<void>((resolve) => this.waiting.push(resolve));
    this.running -= 1;
    this.ended.push(runId);
  };

  open(): void {
    this.isOpen = true;
    for (const resolve of this.waiting.splice(0)) resolve();
  }
}

const ids = (count: number): string[] => Array.from({ length: count }, () => randomUUID());

// Handlers fail on purpose here.
beforeAll(() => Logger.overrideLogger(false));
afterAll(() => Logger.overrideLogger(['log', 'warn', 'error', 'fatal']));

const installations: Installation[] = [];
afterEach(async () => {
  await Promise.all(installations.splice(0).map((installation) => installation.remove()));
});

function remembered(installation: Installation): Installation {
  installations.push(installation);
  return installation;
}

describe.each([
  { name: 'InProcessGradingQueue', install: inProcess },
  { name: 'BullGradingQueue', install: () => bull() },
])('$name', ({ install }) => {
  const installed = (): Installation => remembered(install());

  it('gives every published id to the handler, in order', async () => {
    const { queue } = installed().open();
    const seen: string[] = [];
    const published = ids(20);
    for (const id of published) await queue.publish(id);
    queue.consume(1, (runId) => {
      seen.push(runId);
      return Promise.resolve();
    });
    await waitFor(() => seen.length === 20, { until: 'all ids were delivered' });
    expect(seen).toEqual(published);
  });

  it('delivers what is published after the consumer started', async () => {
    const { queue } = installed().open();
    const gate = new Gate();
    gate.open();
    queue.consume(2, gate.handle);
    const [id = ''] = ids(1);
    await queue.publish(id);
    await waitFor(() => gate.ended.includes(id), { until: 'the id was delivered' });
  });

  it('keeps an id that waits once, however often it is published', async () => {
    const { queue } = installed().open();
    const [first = '', second = ''] = ids(2);
    await queue.publish(first);
    await queue.publish(first);
    await queue.publish(second);
    await queue.publish(first);
    expect(await queue.waiting()).toBe(2);
    const gate = new Gate();
    gate.open();
    queue.consume(1, gate.handle);
    await waitFor(() => gate.ended.includes(second), { until: 'the last id was delivered' });
    expect(gate.started).toEqual([first, second]);
  });

  it('delivers an id again that is published after its handler has ended', async () => {
    const { queue } = installed().open();
    const gate = new Gate();
    gate.open();
    queue.consume(1, gate.handle);
    const [id = ''] = ids(1);
    await queue.publish(id);
    await waitFor(() => gate.ended.length === 1, { until: 'the id was delivered' });
    // The handler's end and the queue's knowledge of it are two things: publish until it takes the id anew, as the outbox does.
    await waitFor(
      async () => {
        await queue.publish(id);
        return gate.ended.length >= 2;
      },
      { until: 'the id was delivered again' },
    );
  });

  it('lets a publisher go on while the handler works', async () => {
    const { queue } = installed().open();
    const gate = new Gate();
    queue.consume(1, gate.handle);
    const [first = '', second = ''] = ids(2);
    await queue.publish(first);
    await waitFor(() => gate.started.length === 1, { until: 'the handler runs' });
    await queue.publish(second);
    expect(gate.ended).toEqual([]);
    gate.open();
    await waitFor(() => gate.ended.length === 2, { until: 'both have ended' });
  });

  it('runs at most as many handlers as asked for, and as many as it may', async () => {
    const { queue } = installed().open();
    const gate = new Gate();
    queue.consume(3, gate.handle);
    for (const id of ids(10)) await queue.publish(id);
    await waitFor(() => gate.started.length === 3, { until: 'three handlers run' });
    gate.open();
    await waitFor(() => gate.ended.length === 10, { until: 'all have ended' });
    expect(gate.most).toBe(3);
  });

  it('goes on after a handler that rejects, and does not repeat it', async () => {
    const { queue } = installed().open();
    const [bad = '', good = ''] = ids(2);
    const seen: string[] = [];
    queue.consume(1, (runId) => {
      seen.push(runId);
      return runId === bad ? Promise.reject(new Error('on purpose')) : Promise.resolve();
    });
    await queue.publish(bad);
    await queue.publish(good);
    await waitFor(() => seen.includes(good), { until: 'the next id was delivered' });
    expect(seen).toEqual([bad, good]);
    expect(await queue.waiting()).toBe(0);
  });

  it('goes on after a handler that throws at once', async () => {
    const { queue } = installed().open();
    const seen: string[] = [];
    const [bad = '', good = ''] = ids(2);
    queue.consume(1, (runId) => {
      seen.push(runId);
      if (runId === bad) throw new Error('on purpose');
      return Promise.resolve();
    });
    await queue.publish(bad);
    await queue.publish(good);
    await waitFor(() => seen.includes(good), { until: 'the next id was delivered' });
  });

  it('takes nothing while it is paused, lets what runs end, and takes what waited when it goes on', async () => {
    const { queue } = installed().open();
    const gate = new Gate();
    queue.consume(1, gate.handle);
    const [first = '', ...others] = ids(4);
    await queue.publish(first);
    await waitFor(() => gate.started.length === 1, { until: 'the handler runs' });
    queue.pause();
    queue.pause();
    for (const id of others) await queue.publish(id);
    gate.open();
    await waitFor(() => gate.ended.length === 1, { until: 'the running handler has ended' });
    // Time in which an id would be taken, if one were.
    await pause(300);
    expect(gate.started).toEqual([first]);
    queue.resume();
    await waitFor(() => gate.ended.length === 4, { until: 'all were delivered' });
    expect(gate.started).toEqual([first, ...others]);
  });

  it('may be paused before it takes anything, and again', async () => {
    const { queue } = installed().open();
    const gate = new Gate();
    gate.open();
    queue.resume();
    queue.pause();
    queue.consume(2, gate.handle);
    const [first = '', second = ''] = ids(2);
    await queue.publish(first);
    await pause(300);
    expect(gate.started).toEqual([]);
    queue.resume();
    await waitFor(() => gate.ended.includes(first), { until: 'the first was delivered' });
    queue.pause();
    queue.resume();
    await queue.publish(second);
    await waitFor(() => gate.ended.includes(second), { until: 'the second was delivered' });
    await queue.close(1_000);
    queue.pause();
    queue.resume();
  });

  it('waits at its close for the handlers that run, and starts no other', async () => {
    const { queue } = installed().open();
    const gate = new Gate();
    queue.consume(1, gate.handle);
    const published = ids(3);
    for (const id of published) await queue.publish(id);
    await waitFor(() => gate.started.length === 1, { until: 'the handler runs' });
    let isClosed = false;
    const closing = (async () => {
      await queue.close(10_000);
      isClosed = true;
    })();
    expect(isClosed).toBe(false);
    gate.open();
    await closing;
    expect(gate.started).toEqual(published.slice(0, 1));
    expect(gate.ended).toEqual(published.slice(0, 1));
  });

  it('does not wait longer than its grace for a handler that hangs', async () => {
    const { queue } = installed().open();
    const gate = new Gate();
    queue.consume(1, gate.handle);
    await queue.publish(randomUUID());
    await waitFor(() => gate.started.length === 1, { until: 'the handler runs' });
    const startedAt = performance.now();
    await queue.close(100);
    expect(performance.now() - startedAt).toBeLessThan(5_000);
    expect(gate.ended).toEqual([]);
    await queue.close(100);
    gate.open();
  });

  it('closes when nothing was ever consumed', async () => {
    const { queue } = installed().open();
    await queue.close(1_000);
    await queue.close(1_000);
  });
});

describe('BullGradingQueue over several processes', () => {
  it('keeps what waits while no process consumes', async () => {
    const installation = remembered(bull());
    const first = installation.open();
    const [id = ''] = ids(1);
    await first.queue.publish(id);
    await first.crash();
    const gate = new Gate();
    gate.open();
    installation.open().queue.consume(1, gate.handle);
    await waitFor(() => gate.ended.includes(id), { until: 'the id was delivered to the second process' });
  });

  it('gives an id to another process when the first dies in its handler', async () => {
    const installation = remembered(bull());
    const first = installation.open();
    const hanging = new Gate();
    first.queue.consume(1, hanging.handle);
    const [id = ''] = ids(1);
    await first.queue.publish(id);
    await waitFor(() => hanging.started.length === 1, { until: 'the first process has it' });
    await first.crash();
    const gate = new Gate();
    gate.open();
    installation.open().queue.consume(1, gate.handle);
    // Lock (5 s) and look-out for stalled jobs (3 s).
    await waitFor(() => gate.ended.includes(id), { until: 'the second process has it', timeoutMs: 30_000 });
  });

  it('shares the ids among the processes', async () => {
    const installation = remembered(bull());
    const gates = [new Gate(), new Gate()];
    for (const gate of gates) installation.open().queue.consume(1, gate.handle);
    const { queue } = installation.open();
    for (const id of ids(2)) await queue.publish(id);
    await waitFor(() => gates.every((gate) => gate.started.length === 1), { until: 'both processes have one' });
    for (const gate of gates) gate.open();
  });
});

describe('BullGradingQueue without a Redis that answers', () => {
  it('refuses to publish within a few seconds, and starts and closes all the same', async () => {
    // Port 1 of the loopback: nobody listens there.
    const installation = remembered(bull('redis://127.0.0.1:1'));
    const { queue } = installation.open();
    queue.consume(1, () => Promise.resolve());
    const startedAt = performance.now();
    await expect(queue.publish(randomUUID())).rejects.toThrow(Error);
    await expect(queue.waiting()).rejects.toThrow(Error);
    await queue.close(1_000);
    expect(performance.now() - startedAt).toBeLessThan(10_000);
  });

  it('closes in order when Redis goes away before the blocking connection was made', async () => {
    const connections = new RedisConnections(
      parseEnvironment({ REDIS_URL, REDIS_PREFIX: `{assay-test-${randomUUID()}}` }),
    );
    const away = new RedisConnections(parseEnvironment({ REDIS_URL: 'redis://127.0.0.1:1' }));
    const options = bullOptions(connections);
    const bullQueue = new Bull<GradingJob>(GRADING_QUEUE, {
      ...options,
      createClient: (type, redis) =>
        (type === 'bclient' ? bullOptions(away) : options).createClient?.(type, redis) ?? away.shared(),
    });
    const rejections: unknown[] = [];
    const note = (error: unknown): void => void rejections.push(error);
    process.on('unhandledRejection', note);
    try {
      const queue = new BullGradingQueue(bullQueue);
      queue.consume(1, () => Promise.resolve());
      // Bull has asked for the name by then; the connection that it asked through is still being tried.
      await pause(300);
      await queue.close(1_000);
      for (const one of [connections, away]) one.onApplicationShutdown();
      await pause(100);
      expect(rejections).toEqual([]);
    } finally {
      process.off('unhandledRejection', note);
    }
  });
});
