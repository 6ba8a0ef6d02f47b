import { BadRequestException, InternalServerErrorException, NotFoundException } from '@nestjs/common';
import { QueryFailedError } from 'typeorm';
import { describe, expect, it } from 'vitest';
import { describeError } from '../../../src/errors/describe-error.js';
import { DomainError, type ErrorKind } from '../../../src/errors/domain-error.js';

const SECRET = 'SELECT secret FROM /srv/app/src/secret.ts';

function driverError(code: string, message = SECRET): QueryFailedError {
  return new QueryFailedError(SECRET, [], Object.assign(new Error(message), { code }));
}

describe('what an error says to the outside', () => {
  it.each<[ErrorKind, number]>([
    ['malformed', 400],
    ['unauthenticated', 401],
    ['forbidden', 403],
    ['not_found', 404],
    ['conflict', 409],
    ['precondition_failed', 412],
    ['too_large', 413],
    ['unsupported', 415],
    ['invalid', 422],
    ['limit_exceeded', 429],
    ['unavailable', 503],
    ['storage_full', 507],
  ])('%s becomes %i', (kind, status) => {
    expect(describeError(new DomainError(kind, 'some_code', 'Do that.'))).toMatchObject({
      status,
      code: 'some_code',
      detail: 'Do that.',
      unexpected: false,
    });
  });

  it('keeps the faults and the time to wait of a refusal', () => {
    const errors = [{ path: '/email', message: 'is not an address' }];
    expect(describeError(DomainError.invalid(errors))).toMatchObject({
      status: 422,
      code: 'validation_failed',
      detail: '/email: is not an address',
      errors,
    });
    expect(
      describeError(new DomainError('unavailable', 'busy', 'Wait.', { retryAfterSeconds: 7 })).retryAfterSeconds,
    ).toBe(7);
  });

  it.each([
    ['ECONNREFUSED', 503, 'database_unavailable'],
    ['PROTOCOL_CONNECTION_LOST', 503, 'database_unavailable'],
    ['ER_LOCK_WAIT_TIMEOUT', 503, 'database_unavailable'],
    ['57P01', 503, 'database_unavailable'],
    ['SQLITE_FULL', 507, 'storage_full'],
    ['53100', 507, 'storage_full'],
    ['ER_NO_SUCH_TABLE', 500, 'internal_error'],
  ])('a database error %s becomes %i, and is logged', (code, status, name) => {
    expect(describeError(driverError(code))).toMatchObject({ status, code: name, unexpected: true });
  });

  it.each([
    ['FST_ERR_CTP_BODY_TOO_LARGE', 413],
    ['FST_ERR_CTP_INVALID_MEDIA_TYPE', 415],
    ['FST_ERR_CTP_INVALID_JSON_BODY', 400],
  ])('an error %s of the HTTP server becomes %i', (code, status) => {
    expect(describeError(Object.assign(new Error(SECRET), { code }))).toMatchObject({ status, unexpected: false });
  });

  it.each([
    new Error(SECRET),
    new TypeError(SECRET),
    driverError('ER_PARSE_ERROR'),
    new BadRequestException(SECRET),
    new NotFoundException(SECRET),
    new InternalServerErrorException(SECRET),
    Object.assign(new Error(SECRET), { statusCode: 418 }),
    SECRET,
    null,
    undefined,
    { message: SECRET },
  ])('lets no message of a library through: %s', (error) => {
    const described = describeError(error);
    expect(JSON.stringify(described)).not.toContain('secret');
    expect(described.status).toBeGreaterThanOrEqual(400);
    expect(described.code).toMatch(/^[a-z_]+$/);
  });

  it('tells a client that left from a database that hung up', () => {
    const abandoned = Object.assign(new Error('aborted'), { code: 'ECONNRESET' });
    expect(describeError(abandoned)).toMatchObject({ status: 400, code: 'request_aborted', unexpected: false });
    const hungUp = Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET' });
    expect(describeError(hungUp)).toMatchObject({ status: 503, code: 'database_unavailable', unexpected: true });
  });
});
