import { setTimeout as pause } from 'node:timers/promises';
import { Logger } from '@nestjs/common';
import type { RedisConnections } from '../redis/redis-connections.js';
import { parseRunEvent } from './parse-run-event.js';
import { type RunEvent, RunEvents } from './run-events.js';

type Connection = ReturnType<RedisConnections['create']>;
type Listener = (event: RunEvent) => void;

interface Channel {
  readonly listeners: Set<Listener>;
  /** Resolves when Redis has confirmed the subscription, or has been waited for long enough. */
  readonly opened: Promise<void>;
}

const REMEMBERED_SECONDS = 3_600;
/** More than any run has; a run that is graded again and again does not grow its list without end. */
const MOST_REMEMBERED = 5_000;
/** How long a subscriber waits to be confirmed; later it takes effect by itself, and until then the rows are looked at. */
const CONFIRM_MS = 500;
/** After a failed publication the next ones are dropped at once for so long, since each would wait for its time-out. */
const QUIET_MS = 1_000;

/** Carries events between processes: remembered in a list for an hour, and published, in one step. */
export class RedisRunEvents extends RunEvents {
  private readonly logger = new Logger(RedisRunEvents.name);
  private readonly channels = new Map<string, Channel>();
  private subscriber: Connection | undefined;
  private quietUntil = 0;

  constructor(private readonly redis: RedisConnections) {
    super();
  }

  override async publish(event: RunEvent): Promise<void> {
    const connection = this.redis.shared();
    // Queueing events for a Redis that is away would make grading wait; the rows hold the same facts.
    const isAway = connection.status === 'reconnecting' || connection.status === 'close' || connection.status === 'end';
    if (isAway || performance.now() < this.quietUntil) return;
    const name = this.nameOf(event.submissionId);
    const text = JSON.stringify(event);
    try {
      await connection
        .multi()
        .rpush(name, text)
        .ltrim(name, -MOST_REMEMBERED, -1)
        .expire(name, REMEMBERED_SECONDS)
        .publish(name, text)
        .exec();
    } catch (error) {
      this.quietUntil = performance.now() + QUIET_MS;
      this.logger.debug({ err: error }, 'An event was dropped, since Redis does not answer');
    }
  }

  override async history(submissionId: string): Promise<readonly RunEvent[]> {
    let texts: readonly string[];
    try {
      texts = await this.redis.shared().lrange(this.nameOf(submissionId), 0, -1);
    } catch (error) {
      this.logger.debug({ err: error }, 'Past events cannot be read, since Redis does not answer');
      return [];
    }
    // By id: a run that is graded again after its worker died says the same things again, and the later ones count.
    const events = new Map<number, RunEvent>();
    for (const text of texts) {
      const event = parseRunEvent(text);
      if (event?.submissionId === submissionId) events.set(event.id, event);
    }
    return [...events.values()].toSorted((one, other) => one.id - other.id);
  }

  override async subscribe(submissionId: string, listener: Listener): Promise<() => void> {
    const name = this.nameOf(submissionId);
    const channel = this.channels.get(name) ?? { listeners: new Set(), opened: this.open(name) };
    this.channels.set(name, channel);
    // A function of its own, so that one listener may be given twice.
    const call: Listener = (event) => listener(event);
    channel.listeners.add(call);
    await channel.opened;
    return () => {
      if (!channel.listeners.delete(call) || channel.listeners.size > 0) return;
      if (this.channels.get(name) !== channel) return;
      this.channels.delete(name);
      this.close(name);
    };
  }

  /** Key of the list and name of the channel. */
  private nameOf(submissionId: string): string {
    return `${this.redis.prefix}:events:${submissionId}`;
  }

  private async open(channel: string): Promise<void> {
    const confirmed = this.sharedSubscriber()
      .subscribe(channel)
      .catch((error: unknown) => {
        this.logger.warn({ err: error }, 'Events cannot be subscribed to; watchers look at the rows alone');
      });
    const patience = new AbortController();
    await Promise.race([confirmed, pause(CONFIRM_MS, undefined, { signal: patience.signal }).catch(() => undefined)]);
    patience.abort();
  }

  private close(channel: string): void {
    this.subscriber?.unsubscribe(channel).catch((error: unknown) => {
      this.logger.debug({ err: error }, 'A subscription could not be ended; its events are dropped');
    });
  }

  /** One connection for all channels. It waits for a Redis that is away and then subscribes to what was asked for. */
  private sharedSubscriber(): Connection {
    if (this.subscriber !== undefined) return this.subscriber;
    const subscriber = this.redis.create('events', { maxRetriesPerRequest: null, autoResubscribe: true });
    subscriber.on('message', (channel: string, text: string) => this.deliver(channel, text));
    this.subscriber = subscriber;
    return subscriber;
  }

  private deliver(channel: string, text: string): void {
    const event = parseRunEvent(text);
    if (event === null) return;
    for (const listener of this.channels.get(channel)?.listeners ?? []) {
      try {
        listener(event);
      } catch (error) {
        this.logger.error({ err: error }, 'A listener to grading events failed');
      }
    }
  }
}
