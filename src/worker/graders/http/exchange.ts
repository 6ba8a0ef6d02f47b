import { request as httpRequest, type IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { parseSetCookie } from '../../../grading/http/cookies.js';
import type { FilledRequest } from '../../../grading/http/fill-step.js';
import type { HttpAnswer, NoAnswer } from '../../../grading/http/http-answer.js';
import { HTTP_LIMITS } from '../../../grading/http/http-limits.js';
import { GradingFault } from '../../grading-fault.js';

/** Everything that comes over one connection, what surrounds a body that comes in small pieces included. */
const RAW_BYTES = 2 * HTTP_LIMITS.bodyBytes;
/** Answers such as 100 and 103 before the one that counts. */
const MOST_INFORMATION = 10;

/** Where a request goes, and how long its answer may take. */
export interface Exchanging {
  readonly connect: () => Promise<Duplex>;
  readonly port: number;
  readonly cookie: string | null;
  readonly timeMs: number;
}

type Heard = Omit<HttpAnswer, 'ms'> | Omit<NoAnswer, 'ms'>;

/**
 * One request on a connection of its own, and what came of it. What answers is hostile: nothing that it sends, or does not
 * send, makes this reject, wait beyond `timeMs`, or keep more than `HTTP_LIMITS` allow; no body is decompressed.
 *
 * @throws GradingFault when the sandbox failed.
 */
export async function exchange(
  request: FilledRequest,
  { connect, ...how }: Exchanging,
): Promise<HttpAnswer | NoAnswer> {
  const startedAt = performance.now();
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<Heard>((resolve) => {
    timer = setTimeout(() => resolve({ kind: 'late', why: `does not answer within ${how.timeMs} ms` }), how.timeMs);
  });
  const connecting = connect();
  try {
    const heard = await Promise.race([late, connecting.then((socket) => hear(socket, request, how), refused)]);
    return { ...heard, ms: performance.now() - startedAt };
  } finally {
    clearTimeout(timer);
    connecting.then((socket) => socket.destroy()).catch(() => undefined);
  }
}

function refused(error: unknown): Heard {
  const code = codeOf(error);
  if (code === null) throw new GradingFault(`The sandbox failed to connect: ${String(error)}`);
  return broken(code === 'ECONNREFUSED' ? 'accepts no connection' : `accepts no connection (${code})`);
}

function hear(
  socket: Duplex,
  { method, target, headers, body }: FilledRequest,
  { port, cookie }: Omit<Exchanging, 'connect'>,
): Promise<Heard> {
  return new Promise((resolve) => {
    const outgoing = httpRequest({
      createConnection: () => socket,
      host: '127.0.0.1',
      port,
      method,
      path: target,
      maxHeaderSize: HTTP_LIMITS.headBytes,
      insecureHTTPParser: false,
      setHost: true,
    });
    // One more than is taken: the parser leaves out what is beyond without a word.
    outgoing.maxHeadersCount = HTTP_LIMITS.answerHeaders + 1;
    outgoing.setHeader('Accept', '*/*');
    outgoing.setHeader('User-Agent', 'Assay');
    if (cookie !== null) outgoing.setHeader('Cookie', cookie);
    for (const [name, value] of headers) outgoing.setHeader(name, value);

    let raw = 0;
    let informed = 0;
    // Not before the parser listens: the first listener lets the data flow.
    outgoing.once('socket', () => {
      socket.on('error', () => undefined);
      socket.on('data', (chunk: Buffer) => {
        raw += chunk.length;
        if (raw <= RAW_BYTES) return;
        resolve(broken('sends more than is taken'));
        socket.destroy();
      });
    });
    outgoing.on('information', () => {
      informed += 1;
      if (informed <= MOST_INFORMATION) return;
      resolve(broken('sends too many answers that are none (1xx)'));
      socket.destroy();
    });
    outgoing.on('upgrade', () => resolve(broken('switches to another protocol')));
    outgoing.on('error', (error) => resolve(broken(whyOf(error))));
    outgoing.on('response', (response) => collect(response, resolve));
    outgoing.end(body ?? undefined);
  });
}

function collect(response: IncomingMessage, resolve: (heard: Heard) => void): void {
  const { rawHeaders, statusCode = 0 } = response;
  if (rawHeaders.length / 2 > HTTP_LIMITS.answerHeaders) {
    resolve(broken(`sends more than ${HTTP_LIMITS.answerHeaders} header fields`));
    response.destroy();
    return;
  }
  const chunks: Buffer[] = [];
  let bytes = 0;
  response.on('data', (chunk: Buffer) => {
    bytes += chunk.length;
    if (bytes <= HTTP_LIMITS.bodyBytes) {
      chunks.push(chunk);
      return;
    }
    resolve(broken(`sends a body of more than ${HTTP_LIMITS.bodyBytes / 1_048_576} MiB`));
    response.destroy();
  });
  const ended = (): void => {
    resolve(
      response.complete
        ? { status: statusCode, ...fieldsOf(rawHeaders), body: Buffer.concat(chunks) }
        : broken('closes the connection in the middle of its answer'),
    );
  };
  response.on('error', ended);
  response.on('end', ended);
  response.on('close', ended);
}

function fieldsOf(rawHeaders: readonly string[]): Pick<HttpAnswer, 'headers' | 'cookies'> {
  const headers = new Map<string, string>();
  const cookies: HttpAnswer['cookies'][number][] = [];
  for (let at = 0; at + 1 < rawHeaders.length; at += 2) {
    const name = (rawHeaders[at] ?? '').toLowerCase();
    const value = rawHeaders[at + 1] ?? '';
    if (name === 'set-cookie') {
      const cookie = parseSetCookie(value);
      if (cookie !== null) cookies.push(cookie);
    }
    const before = headers.get(name);
    headers.set(name, before === undefined ? value : `${before}, ${value}`);
  }
  return { headers, cookies };
}

function broken(why: string): Heard {
  return { kind: 'broken', why };
}

function codeOf(error: unknown): string | null {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : null;
}

function whyOf(error: Error): string {
  const code = codeOf(error) ?? '';
  if (code === 'HPE_HEADER_OVERFLOW') return `sends headers of more than ${HTTP_LIMITS.headBytes / 1024} KiB`;
  if (code.startsWith('HPE_')) return `sends what is not HTTP (${code.slice(4).toLowerCase().replaceAll('_', ' ')})`;
  return 'closes the connection without an answer';
}
