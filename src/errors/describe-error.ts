import { HttpException } from '@nestjs/common';
import { isDatabaseFull, isDatabaseUnavailable } from '../database/database-errors.js';
import { DomainError, type ErrorKind, type FieldError } from './domain-error.js';
import { codeOf } from './error-code.js';

/** The one place where kinds of refusals become HTTP statuses. */
const STATUS_OF_KIND = {
  malformed: 400,
  invalid: 422,
  unauthenticated: 401,
  forbidden: 403,
  not_found: 404,
  conflict: 409,
  precondition_failed: 412,
  too_large: 413,
  unsupported: 415,
  limit_exceeded: 429,
  unavailable: 503,
  storage_full: 507,
} satisfies Record<ErrorKind, number>;

const TITLES: Readonly<Record<number, string>> = {
  400: 'Bad Request',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not Found',
  405: 'Method Not Allowed',
  409: 'Conflict',
  412: 'Precondition Failed',
  413: 'Content Too Large',
  415: 'Unsupported Media Type',
  422: 'Unprocessable Content',
  429: 'Too Many Requests',
  431: 'Request Header Fields Too Large',
  500: 'Internal Server Error',
  503: 'Service Unavailable',
  507: 'Insufficient Storage',
};

/** What an error says to the outside. */
export interface ErrorDescription {
  readonly status: number;
  readonly title: string;
  readonly code: string;
  readonly detail: string;
  readonly errors?: readonly FieldError[];
  readonly retryAfterSeconds?: number;
  /** True when the error is ours and must be logged with its stack. */
  readonly unexpected: boolean;
}

function description(
  status: number,
  code: string,
  detail: string,
  more: Partial<ErrorDescription> = {},
): ErrorDescription {
  return { status, title: TITLES[status] ?? 'Error', code, detail, unexpected: status === 500, ...more };
}

function describeDomainError(error: DomainError): ErrorDescription {
  return description(STATUS_OF_KIND[error.kind], error.code, error.message, {
    ...(error.errors === undefined ? {} : { errors: error.errors }),
    ...(error.retryAfterSeconds === undefined ? {} : { retryAfterSeconds: error.retryAfterSeconds }),
  });
}

/** Errors of the HTTP server and its body parsers, by their code. */
const SERVER_ERRORS: Readonly<Record<string, ErrorDescription>> = {
  FST_ERR_CTP_BODY_TOO_LARGE: description(
    413,
    'body_too_large',
    'The body is larger than this route takes. Send less.',
  ),
  FST_REQ_FILE_TOO_LARGE: description(413, 'body_too_large', 'A file is larger than this route takes. Send less.'),
  FST_FILES_LIMIT: description(413, 'too_many_files', 'There are more files than this route takes. Send fewer.'),
  FST_PARTS_LIMIT: description(413, 'too_many_files', 'There are more parts than this route takes. Send fewer.'),
  FST_FIELDS_LIMIT: description(413, 'too_many_fields', 'There are more fields than this route takes. Send fewer.'),
  FST_ERR_CTP_INVALID_MEDIA_TYPE: description(415, 'unsupported_media_type', 'Send the body as application/json.'),
  FST_INVALID_MULTIPART_CONTENT_TYPE: description(
    415,
    'unsupported_media_type',
    'Send the body as multipart/form-data.',
  ),
  FST_ERR_CTP_EMPTY_JSON_BODY: description(400, 'malformed_body', 'The body is empty: send a JSON object.'),
  FST_ERR_CTP_INVALID_JSON_BODY: description(400, 'malformed_body', 'The body is not valid JSON.'),
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: description(400, 'malformed_body', 'The body and its Content-Length differ.'),
};

function describeHttpStatus(status: number): ErrorDescription {
  switch (status) {
    case 400:
      return description(400, 'malformed_body', 'The request cannot be read: check that its body is valid JSON.');
    case 401:
      return description(401, 'unauthenticated', 'Sign in and send the access token as "Authorization: Bearer …".');
    case 403:
      return description(403, 'forbidden', 'You may not do this.');
    case 404:
      return description(
        404,
        'not_found',
        'There is nothing here. The OpenAPI document at /openapi.json lists all routes.',
      );
    case 413:
      return description(413, 'body_too_large', 'The body is larger than this route takes. Send less.');
    case 415:
      return description(415, 'unsupported_media_type', 'Send the body as application/json.');
    case 429:
      return description(429, 'rate_limited', 'Too many requests. Wait as long as Retry-After says.');
    case 503:
      return description(503, 'unavailable', 'The service is not ready. Try again in a moment.', {
        retryAfterSeconds: 2,
      });
    default:
      return status >= 400 && status < 500
        ? description(status, 'bad_request', 'The request cannot be served as it was sent.')
        : description(500, 'internal_error', 'Something failed on our side. It was logged under the trace id.');
  }
}

/** Node's error for a client that left while it was sending. Its code is that of a database which hung up. */
function isAbandoned(error: unknown): boolean {
  return error instanceof Error && error.message === 'aborted' && codeOf(error) === 'ECONNRESET';
}

/** Turns anything that was thrown into an answer. Never lets a message of a library, a path or a stack through. */
export function describeError(error: unknown): ErrorDescription {
  if (error instanceof DomainError) return describeDomainError(error);
  if (error instanceof HttpException) return describeHttpStatus(error.getStatus());
  if (isAbandoned(error)) return description(400, 'request_aborted', 'The request broke off before its end.');
  if (isDatabaseFull(error)) {
    return description(507, 'storage_full', 'There is no room left to store this. Tell the operator.', {
      unexpected: true,
    });
  }
  if (isDatabaseUnavailable(error)) {
    return description(503, 'database_unavailable', 'The database cannot be reached. Try again in a moment.', {
      retryAfterSeconds: 2,
      unexpected: true,
    });
  }
  const { code, statusCode } = (typeof error === 'object' && error !== null ? error : {}) as {
    code?: unknown;
    statusCode?: unknown;
  };
  const known = typeof code === 'string' ? SERVER_ERRORS[code] : undefined;
  if (known !== undefined) return known;
  // Fastify's own errors carry the status that they stand for; anything else is ours.
  return describeHttpStatus(typeof statusCode === 'number' ? statusCode : 500);
}
