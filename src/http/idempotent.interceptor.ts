import { createHash } from 'node:crypto';
import {
  applyDecorators,
  type CallHandler,
  type ExecutionContext,
  Injectable,
  type NestInterceptor,
  UseInterceptors,
} from '@nestjs/common';
import { ApiHeader } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { lastValueFrom, type Observable, from } from 'rxjs';
import { DomainError } from '../errors/domain-error.js';
import { Idempotency } from './idempotency.js';

type RequestOfUser = FastifyRequest & { user?: { readonly userId: string } };

/** Reads an `Idempotency-Key`: bare, or quoted as a structured-field string (RFC 8941). Null when there is none. */
export function parseIdempotencyKey(header: string | string[] | undefined): string | null {
  if (header === undefined) return null;
  const value = (Array.isArray(header) ? header.join(',') : header).trim();
  const key = /^".*"$/s.test(value) ? value.slice(1, -1).replace(/\\(["\\])/g, '$1') : value;
  if (key.length < 1 || key.length > 255 || !/^[\x20-\x7e]+$/.test(key)) {
    throw DomainError.invalid(
      [{ path: 'Idempotency-Key', message: 'must have 1 to 255 printable ASCII characters' }],
      'idempotency_key_invalid',
    );
  }
  return key;
}

/** SHA-256 over a parsed body; buffers count by their bytes. */
function hashOf(body: unknown): string {
  return createHash('sha256')
    .update(JSON.stringify(body) ?? '')
    .digest('hex');
}

/** Makes a creating POST repeatable with an `Idempotency-Key`. */
@Injectable()
export class IdempotentInterceptor implements NestInterceptor {
  constructor(private readonly idempotency: Idempotency) {}

  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const http = context.switchToHttp();
    return from(this.answer(http.getRequest<RequestOfUser>(), http.getResponse<FastifyReply>(), next));
  }

  private async answer(request: RequestOfUser, reply: FastifyReply, next: CallHandler): Promise<unknown> {
    const key = parseIdempotencyKey(request.headers['idempotency-key']);
    if (key === null || request.user === undefined) return lastValueFrom(next.handle(), { defaultValue: undefined });
    const route = `${request.method} ${request.url.split('?', 1)[0] ?? ''}`.slice(0, 200);
    const claim = await this.idempotency.claim({
      userId: request.user.userId,
      route,
      key,
      requestHash: hashOf(request.body),
    });
    if ('answer' in claim) {
      void reply.status(claim.answer.status).header('idempotency-replayed', 'true');
      if (claim.answer.location !== null) void reply.header('location', claim.answer.location);
      return claim.answer.body;
    }
    try {
      return await this.idempotency.within(claim.rowId, async () => {
        const body: unknown = await lastValueFrom(next.handle(), { defaultValue: undefined });
        const location = reply.getHeader('location');
        await this.idempotency.completeAfterwards({
          status: reply.statusCode,
          body: typeof body === 'object' ? body : null,
          location: typeof location === 'string' ? location : null,
        });
        return body;
      });
    } catch (error) {
      // What was refused made nothing. After a failure of ours the key stays locked for some seconds, since we cannot know.
      if (error instanceof DomainError) await this.idempotency.release(claim.rowId);
      throw error;
    }
  }
}

/** A POST that creates: takes an `Idempotency-Key`. */
export const Idempotent = (): MethodDecorator & ClassDecorator =>
  applyDecorators(
    UseInterceptors(IdempotentInterceptor),
    ApiHeader({
      name: 'Idempotency-Key',
      required: false,
      description:
        'Any unique text of up to 255 characters. The same key with the same body gets the same answer for 24 hours, and nothing is made twice.',
      schema: { type: 'string', minLength: 1, maxLength: 255 },
    }),
  );
