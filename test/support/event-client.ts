import { createParser } from 'eventsource-parser';
import type { TestApp, TestUser } from './test-app.js';

/** An event as a client gets it. */
export interface ReceivedEvent {
  readonly id: number;
  readonly event: string;
  readonly data: Readonly<Record<string, unknown>>;
}

/** A client of an event stream, which collects what comes. */
export interface EventClient {
  readonly status: number;
  readonly headers: Headers;
  readonly events: readonly ReceivedEvent[];
  /** Resolves with all events when the stream has ended. */
  readonly ended: Promise<readonly ReceivedEvent[]>;
  /** Goes away without a word. */
  leave(): void;
}

/** Follows a submission, as a browser would. */
export async function follow(
  app: TestApp,
  user: TestUser,
  submissionId: string,
  lastEventId?: number | string,
): Promise<EventClient> {
  const leaving = new AbortController();
  const response = await fetch(`${app.url}/api/v1/submissions/${submissionId}/events`, {
    headers: {
      authorization: `Bearer ${user.token}`,
      accept: 'text/event-stream',
      ...(lastEventId === undefined ? {} : { 'last-event-id': String(lastEventId) }),
    },
    signal: leaving.signal,
  });
  const events: ReceivedEvent[] = [];
  const parser = createParser({
    onEvent: ({ id, event, data }) => {
      events.push({ id: Number(id), event: event ?? '', data: JSON.parse(data) as ReceivedEvent['data'] });
    },
  });
  const read = async (): Promise<readonly ReceivedEvent[]> => {
    const decoder = new TextDecoder();
    const body: AsyncIterable<Uint8Array> | null = response.body;
    if (body === null) return events;
    try {
      for await (const chunk of body) parser.feed(decoder.decode(chunk, { stream: true }));
    } catch (error) {
      if (!leaving.signal.aborted) throw error;
    }
    return events;
  };
  return { status: response.status, headers: response.headers, events, ended: read(), leave: () => leaving.abort() };
}
