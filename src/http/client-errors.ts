import { STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import { newId } from '../database/new-id.js';
import type { Problem } from '../errors/problem.js';

interface Refusal {
  readonly status: number;
  readonly code: string;
  readonly detail: string;
}

const MALFORMED: Refusal = { status: 400, code: 'malformed_request', detail: 'This is no HTTP request.' };

/** By the code of Node's error; all others are malformed. */
const REFUSALS: ReadonlyMap<string, Refusal> = new Map([
  ['HPE_HEADER_OVERFLOW', { status: 431, code: 'headers_too_large', detail: 'The headers are too large. Send less.' }],
  [
    'ERR_HTTP_REQUEST_TIMEOUT',
    { status: 408, code: 'request_timeout', detail: 'The request did not come in time. Send it again, faster.' },
  ],
]);

/** Answers what Node could not read as a request, and so never reaches a route, with a problem like any other. */
export function refuseUnreadable(error: Error & { readonly code?: string }, socket: Socket): void {
  if (error.code === 'ECONNRESET' || socket.destroyed) return;
  const { status, code, detail } = REFUSALS.get(error.code ?? '') ?? MALFORMED;
  const title = STATUS_CODES[status] ?? 'Error';
  const problem: Problem = {
    type: `/docs#problem-${code}`,
    title,
    status,
    detail,
    instance: '/',
    code,
    traceId: newId(),
  };
  const body = JSON.stringify(problem);
  const head = [
    `HTTP/1.1 ${status} ${title}`,
    'Content-Type: application/problem+json; charset=utf-8',
    'Cache-Control: no-store',
    'X-Content-Type-Options: nosniff',
    `Content-Length: ${Buffer.byteLength(body)}`,
    'Connection: close',
  ];
  if (socket.writable) socket.write(`${head.join('\r\n')}\r\n\r\n${body}`);
  socket.destroy(error);
}
