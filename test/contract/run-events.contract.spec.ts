import { randomBytes } from 'node:crypto';
import { Logger } from '@nestjs/common';
import { Redis, type RedisOptions } from 'ioredis';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { parseEnvironment } from '../../src/config/env.js';
import { InProcessRunEvents } from '../../src/events/in-process-run-events.js';
import { RedisRunEvents } from '../../src/events/redis-run-events.js';
import { type RunEvent, type RunEvents, statusEventId, testEventId } from '../../src/events/run-events.js';
import { RedisConnections } from '../../src/redis/redis-connections.js';
import { waitFor } from '../support/wait-for.js';

// A Redis that is away is logged; here it is wanted.
Logger.overrideLogger(false);

const REDIS_URL = process.env['TEST_REDIS_URL'] ?? 'redis://127.0.0.1:6379';

/** The real connections, which the test can find again. */
class WatchedConnections extends RedisConnections {
  readonly made: { readonly purpose: string; readonly connection: Redis }[] = [];

  override create(purpose: string, options?: RedisOptions): Redis {
    const connection = super.create(purpose, options);
    this.made.push({ purpose, connection });
    return connection;
  }
}

interface Setup {
  /** Two processes of one installation; in the embedded mode, which has one, twice the same. */
  readonly worker: RunEvents;
  readonly api: RunEvents;
  readonly end: () => Promise<void>;
}

function connectionsTo(url: string, prefix: string): WatchedConnections {
  return new WatchedConnections(parseEnvironment({ REDIS_URL: url, REDIS_PREFIX: prefix }));
}

function inProcess(): Setup {
  const events = new InProcessRunEvents();
  return { worker: events, api: events, end: () => Promise.resolve() };
}

function throughRedis(): Setup {
  const prefix = `{assay-test-${randomBytes(6).toString('hex')}}`;
  const processes = [connectionsTo(REDIS_URL, prefix), connectionsTo(REDIS_URL, prefix)] as const;
  return {
    worker: new RedisRunEvents(processes[0]),
    api: new RedisRunEvents(processes[1]),
    end: async () => {
      const keys = await processes[0].shared().keys(`${prefix}*`);
      if (keys.length > 0) await processes[0].shared().unlink(keys);
      for (const one of processes) one.onApplicationShutdown();
    },
  };
}

function statusEvent(submissionId: string, status: 'queued' | 'running', runNumber = 1): RunEvent {
  return { submissionId, runNumber, id: statusEventId(runNumber, status), kind: 'status', data: { status } };
}

function testEvent(submissionId: string, position: number, data: RunEvent['data'] = {}): RunEvent {
  return { submissionId, runNumber: 1, id: testEventId(1, position), kind: 'test', data: { position, ...data } };
}

const adapters: readonly { readonly adapter: string; readonly setUp: () => Setup }[] = [
  { adapter: 'InProcessRunEvents', setUp: inProcess },
  { adapter: 'RedisRunEvents', setUp: throughRedis },
];

describe.each(adapters)('$adapter, as every RunEvents,', ({ setUp }) => {
  let setup: Setup;

  beforeEach(() => {
    setup = setUp();
  });

  afterEach(() => setup.end());

  it('brings events to whoever subscribed before, in their order, with all their data', async () => {
    const heard: RunEvent[] = [];
    await setup.api.subscribe('s', (event) => heard.push(event));
    const sent = [
      statusEvent('s', 'queued'),
      statusEvent('s', 'running'),
      ...Array.from({ length: 100 }, (_, position) =>
        testEvent('s', position, { stdout: `ä\0${position}`, points: 0.125 }),
      ),
    ];
    for (const event of sent) await setup.worker.publish(event);
    await waitFor(() => heard.length === sent.length, { until: 'all events were heard' });
    expect(heard).toEqual(sent);
  });

  it('brings the events of one submission to those alone who watch it', async () => {
    const heard: RunEvent[] = [];
    await setup.api.subscribe('mine', (event) => heard.push(event));
    await setup.worker.publish(statusEvent('other', 'queued'));
    await setup.worker.publish(statusEvent('mine', 'queued'));
    await waitFor(() => heard.length > 0);
    expect(heard).toEqual([statusEvent('mine', 'queued')]);
  });

  it('brings each event to each of several listeners once', async () => {
    const heard: string[] = [];
    const twice = (): void => void heard.push('twice');
    await Promise.all([
      setup.api.subscribe('s', () => heard.push('one')),
      setup.api.subscribe('s', twice),
      setup.api.subscribe('s', twice),
    ]);
    await setup.worker.publish(statusEvent('s', 'queued'));
    await waitFor(() => heard.length >= 3);
    expect(heard.toSorted()).toEqual(['one', 'twice', 'twice']);
  });

  it('tells nothing more after the end of a subscription, and the others go on', async () => {
    const heard: string[] = [];
    const endFirst = await setup.api.subscribe('s', () => heard.push('first'));
    const endSecond = await setup.api.subscribe('s', () => heard.push('second'));
    endFirst();
    endFirst();
    await setup.worker.publish(statusEvent('s', 'queued'));
    await waitFor(() => heard.length > 0);
    endSecond();
    await setup.api.subscribe('s', () => heard.push('third'));
    await setup.worker.publish(statusEvent('s', 'running'));
    await waitFor(() => heard.length > 1);
    expect(heard).toEqual(['second', 'third']);
  });

  it('goes on after a listener failed', async () => {
    const heard: RunEvent[] = [];
    await setup.api.subscribe('s', () => {
      throw new Error('a fault of the listener');
    });
    await setup.api.subscribe('s', (event) => heard.push(event));
    await setup.worker.publish(statusEvent('s', 'queued'));
    await waitFor(() => heard.length > 0);
  });

  it('remembers what was published, in order of id, each id once with what was said last', async () => {
    await setup.worker.publish(testEvent('s', 1));
    await setup.worker.publish(statusEvent('s', 'running'));
    await setup.worker.publish(testEvent('s', 0, { verdict: 'wrong_answer' }));
    await setup.worker.publish(testEvent('s', 0, { verdict: 'accepted' }));
    await setup.worker.publish(statusEvent('other', 'queued'));
    expect(await setup.api.history('s')).toEqual([
      statusEvent('s', 'running'),
      testEvent('s', 0, { verdict: 'accepted' }),
      testEvent('s', 1),
    ]);
  });

  it('remembers nothing of what never was', async () => {
    expect(await setup.api.history('never')).toEqual([]);
  });
});

describe('RedisRunEvents', () => {
  let prefix: string;
  let connections: WatchedConnections;

  beforeEach(() => {
    prefix = `{assay-test-${randomBytes(6).toString('hex')}}`;
    connections = connectionsTo(REDIS_URL, prefix);
  });

  afterEach(async () => {
    await connections
      .shared()
      .unlink(`${prefix}:events:s`)
      .catch(() => 0);
    connections.onApplicationShutdown();
  });

  it('lets the list end by itself', async () => {
    await new RedisRunEvents(connections).publish(statusEvent('s', 'queued'));
    const seconds = await connections.shared().ttl(`${prefix}:events:s`);
    expect(seconds).toBeGreaterThan(3_500);
    expect(seconds).toBeLessThanOrEqual(3_600);
  });

  it('uses one connection for all subscriptions, and none of its channels after the last one ended', async () => {
    const events = new RedisRunEvents(connections);
    const ends = await Promise.all(['a', 'b', 'c', 'a'].map((name) => events.subscribe(name, () => undefined)));
    expect(connections.made.filter(({ purpose }) => purpose === 'events')).toHaveLength(1);
    const subscribed = (): Promise<unknown> => connections.shared().pubsub('CHANNELS', `${prefix}*`);
    expect(await subscribed()).toHaveLength(3);
    for (const end of ends) end();
    await waitFor(async () => ((await subscribed()) as unknown[]).length === 0);
  });

  it('hears again after its connection broke', async () => {
    const events = new RedisRunEvents(connections);
    const heard: RunEvent[] = [];
    await events.subscribe('s', (event) => heard.push(event));
    const subscriber = connections.made.find(({ purpose }) => purpose === 'events')?.connection;
    subscriber?.disconnect(true);
    await waitFor(async () => {
      await events.publish(statusEvent('s', 'queued'));
      return heard.length > 0;
    });
  });

  it('passes over what it cannot read', async () => {
    const events = new RedisRunEvents(connections);
    const heard: RunEvent[] = [];
    await events.subscribe('s', (event) => heard.push(event));
    await connections.shared().rpush(`${prefix}:events:s`, 'no JSON');
    await connections.shared().publish(`${prefix}:events:s`, '{"id":1}');
    await events.publish(statusEvent('s', 'queued'));
    await waitFor(() => heard.length > 0);
    expect(heard).toEqual([statusEvent('s', 'queued')]);
    expect(await events.history('s')).toEqual([statusEvent('s', 'queued')]);
  });

  it('neither fails nor keeps anyone waiting while Redis is away', async () => {
    // Nothing listens on port 9 (discard) of the loopback.
    const away = connectionsTo('redis://127.0.0.1:9', prefix);
    const events = new RedisRunEvents(away);
    const start = performance.now();
    const end = await events.subscribe('s', () => undefined);
    for (let position = 0; position < 200; position += 1) await events.publish(testEvent('s', position));
    expect(await events.history('s')).toEqual([]);
    end();
    expect(performance.now() - start).toBeLessThan(5_000);
    away.onApplicationShutdown();
  });
});
