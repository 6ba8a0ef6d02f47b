import { CommandFailure } from './progress.mjs';

/**
 * A REST client of one Assay server: what any client would write, kept small.
 */
export class RestClient {
  #base;
  #token;

  /** @param {string} base such as `http://127.0.0.1:3000` @param {string | null} token an access token */
  constructor(base, token = null) {
    this.#base = base;
    this.#token = token;
  }

  /** The same server, seen by someone else. @param {string} token */
  as(token) {
    return new RestClient(this.#base, token);
  }

  /**
   * Sends one request; `path` lies below `/api/v1`. A form is sent as it is, all else as JSON. Fails on any status that is not in
   * `accept`.
   *
   * @param {string} method
   * @param {string} path
   * @param {{ body?: unknown, headers?: Record<string, string>, accept?: readonly number[] }} [options]
   * @returns {Promise<{ status: number, body: any }>}
   */
  async request(method, path, { body, headers = {}, accept = [200, 201, 202, 204] } = {}) {
    const response = await this.#fetch(method, path, body, headers);
    const text = await response.text();
    const parsed = text === '' ? null : JSON.parse(text);
    if (!accept.includes(response.status)) {
      throw new CommandFailure(
        `${method} ${path} was answered ${response.status}: ${parsed?.detail ?? text.slice(0, 300)}`,
      );
    }
    return { status: response.status, body: parsed };
  }

  /** All items of a list, page by page. @param {string} path */
  async *list(path) {
    let cursor = null;
    do {
      const query = new URLSearchParams({ limit: '100', ...(cursor === null ? {} : { cursor }) });
      const { body } = await this.request('GET', `${path}?${query}`);
      yield* body.items;
      cursor = body.nextCursor;
    } while (cursor !== null);
  }

  /**
   * Follows a stream of Server-Sent Events to its end; after a broken connection it goes on behind the last event.
   *
   * @param {string} path
   * @returns {AsyncGenerator<{ event: string, data: any }>}
   */
  async *events(path) {
    const { createParser } = await import('eventsource-parser');
    let lastId = null;
    for (let attempt = 0; attempt < 5; attempt += 1) {
      const response = await this.#fetch('GET', path, undefined, {
        accept: 'text/event-stream',
        ...(lastId === null ? {} : { 'last-event-id': lastId }),
      });
      if (!response.ok) throw new CommandFailure(`GET ${path} was answered ${response.status}.`);
      const waiting = [];
      const parser = createParser({ onEvent: (event) => waiting.push(event) });
      try {
        for await (const chunk of response.body.pipeThrough(new TextDecoderStream())) {
          parser.feed(chunk);
          for (const event of waiting.splice(0)) {
            lastId = event.id ?? lastId;
            yield { event: event.event ?? 'message', data: JSON.parse(event.data) };
          }
        }
        return;
      } catch (error) {
        if (attempt === 4) throw error;
      }
    }
  }

  #fetch(method, path, body, headers) {
    return fetch(`${this.#base}/api/v1${path}`, {
      method,
      headers: {
        ...(body === undefined || body instanceof FormData ? {} : { 'content-type': 'application/json' }),
        ...(this.#token === null ? {} : { authorization: `Bearer ${this.#token}` }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: body instanceof FormData ? body : JSON.stringify(body) }),
    });
  }
}
