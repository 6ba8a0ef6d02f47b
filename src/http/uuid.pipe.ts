import { Injectable, type PipeTransform } from '@nestjs/common';
import { validate } from 'uuid';
import { DomainError } from '../errors/domain-error.js';

/** An id in the path. What is no UUID names nothing, so the answer is 404 and not a complaint about its form. */
@Injectable()
export class IdPipe implements PipeTransform<string, string> {
  transform(value: string): string {
    if (!validate(value)) throw DomainError.notFound('resource');
    return value.toLowerCase();
  }
}
