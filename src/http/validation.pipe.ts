import { type ArgumentMetadata, Injectable, ValidationPipe } from '@nestjs/common';
import type { ValidationError } from 'class-validator';
import { DomainError, type FieldError } from '../errors/domain-error.js';
import { requireOrdinaryBody } from './body-shape.js';
import { joinPointer } from './json-pointer.js';

const MOST_ERRORS = 50;

function collect(errors: readonly ValidationError[], parent: string, found: FieldError[]): void {
  for (const error of errors) {
    const path = joinPointer(parent, error.property);
    for (const [rule, message] of Object.entries(error.constraints ?? {})) {
      if (found.length >= MOST_ERRORS) return;
      found.push({
        path,
        message: rule === 'whitelistValidation' ? `${error.property} is not a property of this resource` : message,
      });
    }
    collect(error.children ?? [], path, found);
  }
}

/** Checks bodies and queries against their DTO; unknown properties are errors. Every fault is reported, up to 50. */
@Injectable()
export class DtoValidationPipe extends ValidationPipe {
  constructor() {
    super({
      transform: true,
      whitelist: true,
      forbidNonWhitelisted: true,
      forbidUnknownValues: true,
      validationError: { target: false, value: false },
      exceptionFactory: (errors) => {
        const found: FieldError[] = [];
        collect(errors, '', found);
        return DomainError.invalid(found);
      },
    });
  }

  override async transform(sent: unknown, metadata: ArgumentMetadata): Promise<unknown> {
    // No body says as much as an empty one: where something is required, the answer names it.
    const value = sent === undefined && metadata.type === 'body' ? {} : sent;
    if (
      metadata.type === 'body' &&
      metadata.metatype !== undefined &&
      (typeof value !== 'object' || value === null || Array.isArray(value))
    ) {
      throw DomainError.invalid([{ path: '', message: 'the body must be a JSON object' }]);
    }
    try {
      if (metadata.type === 'body' || metadata.type === 'query') requireOrdinaryBody(value);
      return await super.transform(value, metadata);
    } catch (error) {
      if (metadata.type === 'query' && error instanceof DomainError && error.errors !== undefined) {
        throw DomainError.invalid(error.errors.map((fault) => ({ ...fault, path: fault.path.slice(1) })));
      }
      throw error;
    }
  }
}
