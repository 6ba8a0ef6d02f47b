import { createHash } from 'node:crypto';
import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import { ApiHeader } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { EntityManager, EntityTarget, ObjectLiteral, QueryDeepPartialEntity } from 'typeorm';
import { DomainError } from '../errors/domain-error.js';

const VERSION = Symbol('version');

/**
 * Marks what a handler returns as one version of a resource, so that it is sent with an `ETag`. The tag is
 * `"version-hash of the body"`: the hash makes `If-None-Match` right for each viewer, the version makes `If-Match` atomic.
 */
export function withVersion<T extends object>(body: T, version: number): T {
  return Object.defineProperty(body, VERSION, { value: version, enumerable: false });
}

/** The version that `withVersion` put on a body, or null. */
export function versionOf(body: unknown): number | null {
  const version: unknown =
    typeof body === 'object' && body !== null ? (body as { [VERSION]?: unknown })[VERSION] : undefined;
  return typeof version === 'number' ? version : null;
}

/** The versions that an `If-Match` header accepts; null when there was none (or `*`): any will do. */
export type ExpectedVersions = ReadonlySet<number> | null;

/** Reads an `If-Match` header (RFC 9110, section 13.1.1). A tag that is not ours matches nothing. */
export function parseIfMatch(header: string | undefined): ExpectedVersions {
  if (header === undefined || header.trim() === '*') return null;
  const versions = new Set<number>();
  for (const match of header.matchAll(/(?:^|,)\s*"(\d{1,9})-[\w-]+"/g)) versions.add(Number(match[1]));
  return versions;
}

const IF_MATCH_HEADER = ApiHeader({
  name: 'If-Match',
  required: false,
  description: 'The `ETag` of the version that the request is based on; another version answers 412.',
  schema: { type: 'string' },
});

/** The versions that the caller's `If-Match` accepts. Documents the header, too. */
export const IfMatch = createParamDecorator(
  (_: unknown, context: ExecutionContext): ExpectedVersions =>
    parseIfMatch(context.switchToHttp().getRequest<FastifyRequest>().headers['if-match']),
  [
    (controller, handler) => {
      const descriptor = handler === undefined ? undefined : Object.getOwnPropertyDescriptor(controller, handler);
      if (handler !== undefined && descriptor !== undefined) IF_MATCH_HEADER(controller, handler, descriptor);
    },
  ],
);

/** @throws DomainError `precondition_failed` when the caller expected another version. */
export function requireVersion(expected: ExpectedVersions, actual: number): void {
  if (expected !== null && !expected.has(actual)) {
    throw new DomainError(
      'precondition_failed',
      'version_mismatch',
      'It was changed meanwhile. Read it again and repeat your change.',
    );
  }
}

/**
 * Writes changes to a row that was read at `row.version`, and raises the version, in one conditional statement: TypeORM's
 * `save` would overwrite what another wrote in between.
 *
 * @throws DomainError `conflict` (`edited_meanwhile`) when another was faster.
 */
export async function updateVersioned<T extends ObjectLiteral & { id: string; version: number }>(
  manager: EntityManager,
  entity: EntityTarget<T>,
  row: T,
  changes: QueryDeepPartialEntity<T>,
): Promise<T> {
  const result = await manager
    .createQueryBuilder()
    .update(entity)
    .set({ ...changes, version: row.version + 1 })
    .where('id = :id AND version = :version', { id: row.id, version: row.version })
    .execute();
  if (result.affected === 0) {
    throw new DomainError(
      'conflict',
      'edited_meanwhile',
      'Someone else changed it at the same time. Read it again and repeat your change.',
    );
  }
  return Object.assign(row, changes, { version: row.version + 1 });
}

type TaggedReply = FastifyReply & { assayVersion?: number };

/** Remembers on the reply which version the body is of; `tagPayload` uses it when the body has been written. */
export function rememberVersion(reply: FastifyReply, body: unknown): void {
  const version = versionOf(body);
  if (version !== null) (reply as TaggedReply).assayVersion = version;
}

/**
 * Fastify's `onSend` step: adds `ETag` and `Cache-Control`, and answers 304 where `If-None-Match` names the tag
 * (RFC 9110, section 13.1.2).
 */
export function tagPayload(request: FastifyRequest, reply: FastifyReply, payload: unknown): unknown {
  const version = (reply as TaggedReply).assayVersion;
  if (version === undefined || typeof payload !== 'string' || reply.statusCode < 200 || reply.statusCode > 299) {
    if (!reply.hasHeader('cache-control')) void reply.header('cache-control', 'no-store');
    return payload;
  }
  const tag = `"${version}-${createHash('sha1').update(payload).digest('base64url').slice(0, 16)}"`;
  void reply.header('etag', tag).header('cache-control', 'private, no-cache');
  const known = request.headers['if-none-match'];
  const matches =
    known !== undefined && known.split(',').some((one) => one.trim() === '*' || one.trim().replace(/^W\//, '') === tag);
  if (!matches || (request.method !== 'GET' && request.method !== 'HEAD')) return payload;
  void reply.code(304).removeHeader('content-type').removeHeader('content-length');
  return '';
}
