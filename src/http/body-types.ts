import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { DomainError } from '../errors/domain-error.js';

/** A JSON merge patch (RFC 7396) may be sent under its own name. */
const MERGE_PATCH = 'application/merge-patch+json';
const FORM = 'application/x-www-form-urlencoded';

/**
 * Takes JSON bodies and, by the plugin for them, multipart ones. Plain text and forms, which the server would read by itself,
 * are refused: browsers let any page send those without asking.
 */
export function takeOnlyJson(app: NestFastifyApplication): void {
  const fastify = app.getHttpAdapter().getInstance();
  fastify.removeContentTypeParser('text/plain');
  const parseJson = fastify.getDefaultJsonParser('error', 'error');
  fastify.addContentTypeParser(MERGE_PATCH, { parseAs: 'string' }, parseJson);
  // Nest would add a parser for forms at the start; it leaves those alone that are there already.
  app.useBodyParser(FORM, {}, (_request, _body, done) => {
    done(new DomainError('unsupported', 'unsupported_media_type', 'Send the body as application/json.'));
  });
}
