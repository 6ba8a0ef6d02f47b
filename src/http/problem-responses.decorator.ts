import { applyDecorators } from '@nestjs/common';
import { ApiExtraModels, ApiResponse, getSchemaPath } from '@nestjs/swagger';
import { ProblemDto } from '../errors/problem.dto.js';

/** What each refusal means, for the OpenAPI document. */
const MEANINGS = {
  400: 'The request cannot be read.',
  401: 'No access token, or one that is not valid (any more).',
  403: 'Signed in, but not allowed to do this.',
  404: 'It does not exist, or the caller may not see it.',
  409: 'It conflicts with the present state; `code` says how.',
  412: 'It was changed since the version that `If-Match` names.',
  413: 'The body is too large.',
  415: 'The body has a content type that this route does not take.',
  422: 'The request does not pass validation; `errors` names each fault.',
  429: 'Too many requests: try again after `Retry-After`.',
  503: 'Not possible just now: try again after `Retry-After`.',
  507: 'There is no room left to store this.',
} as const;

export type ProblemStatus = keyof typeof MEANINGS;

/** Documents the refusals of an operation, each with a problem body (RFC 9457); 429 is among those of every one. */
export const Problems = (...statuses: readonly ProblemStatus[]): MethodDecorator & ClassDecorator =>
  applyDecorators(
    ApiExtraModels(ProblemDto),
    ...[...new Set([...statuses, 429 as const])].map((status) =>
      ApiResponse({
        status,
        description: MEANINGS[status],
        content: { 'application/problem+json': { schema: { $ref: getSchemaPath(ProblemDto) } } },
      }),
    ),
  );
