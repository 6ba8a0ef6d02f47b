import { isUtf8 } from 'node:buffer';
import type { IncomingHttpHeaders } from 'node:http';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { DomainError } from '../errors/domain-error.js';
import { sendProblem } from '../errors/problem.filter.js';

const CHARSETS: ReadonlySet<string> = new Set(['utf-8', 'utf8', 'us-ascii']);

/**
 * Refuses bodies that are packed, before a byte of them is read: a few kilobytes of gzip may be gigabytes of body. Those of a
 * charset other than UTF-8 are refused as well; JSON has no other (RFC 8259, section 8.1).
 */
export function refuseOtherEncodings(app: NestFastifyApplication): void {
  app
    .getHttpAdapter()
    .getInstance()
    .addHook('onRequest', async (request, reply) => {
      const fault = faultOf(request.headers);
      if (fault === null) return undefined;
      void reply.header('accept-encoding', 'identity');
      sendProblem(fault, request, reply);
      return reply;
    });
}

function faultOf(headers: IncomingHttpHeaders): DomainError | null {
  const encoding = headers['content-encoding']?.trim().toLowerCase() ?? '';
  if (encoding !== '' && encoding !== 'identity') {
    return new DomainError('unsupported', 'unsupported_encoding', 'Send the body as it is, without Content-Encoding.');
  }
  const charset = /;\s*charset\s*=\s*"?([^\s";]*)/i.exec(headers['content-type'] ?? '')?.[1];
  if (charset !== undefined && !CHARSETS.has(charset.toLowerCase())) {
    return new DomainError('unsupported', 'unsupported_charset', 'Send the body in UTF-8.');
  }
  return null;
}

/** @throws DomainError `malformed` for bytes that are no UTF-8: to replace them would change what was sent */
export function requireUtf8(body: Buffer): void {
  if (isUtf8(body)) return;
  throw new DomainError('malformed', 'malformed_body', 'The body is not UTF-8.');
}
