import { type CallHandler, type ExecutionContext, Injectable, type NestInterceptor } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { type Observable, tap } from 'rxjs';
import { applyAnswer } from './answer.js';
import { rememberVersion } from './entity-tag.js';

/** Hands the version of what a handler returns to the `onSend` step, and gives the reply the head that was asked for. */
@Injectable()
export class EntityTagInterceptor implements NestInterceptor {
  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const reply = context.switchToHttp().getResponse<FastifyReply>();
    return next.handle().pipe(
      tap((body: unknown) => {
        rememberVersion(reply, body);
        applyAnswer(reply, body);
      }),
    );
  }
}
