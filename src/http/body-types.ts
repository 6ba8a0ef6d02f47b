import type { Server } from 'node:http';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { DomainError } from '../errors/domain-error.js';
import { requireUtf8 } from './body-encodings.js';
import { requireOrdinaryJson } from './body-shape.js';

const JSON_TYPE = 'application/json';
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
  // A `__proto__` stays a property like any other here: all validation refuses it by its name (`requireOrdinaryBody`).
  const parseJson = fastify.getDefaultJsonParser('ignore', 'ignore');
  // Nest would add parsers for JSON and forms at the start; it leaves those alone that are there already.
  for (const type of [JSON_TYPE, MERGE_PATCH]) {
    app.useBodyParser<Server>(type, {}, (request, body, done) => {
      requireUtf8(body);
      requireOrdinaryJson(body);
      return parseJson(request, body.toString('utf8'), done);
    });
  }
  app.useBodyParser(FORM, {}, (_request, _body, done) => {
    done(new DomainError('unsupported', 'unsupported_media_type', 'Send the body as application/json.'));
  });
}
