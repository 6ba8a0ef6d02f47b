import { QueryFailedError } from 'typeorm';
import { describe, expect, it } from 'vitest';
import { loggedError } from '../../src/logging.js';

/** As pino hands errors on: with everything that they have. */
function serialized(error: Error): object {
  return Object.assign({ type: error.name, message: error.message, stack: error.stack, raw: error }, error);
}

describe('an error in the log', () => {
  it('tells what happened and where, and not what was in the statement', () => {
    const driverError = Object.assign(new Error('value too long'), {
      code: '22001',
      detail: 'Key (email)=(canary@example.org)',
      sql: "INSERT … 'canary-hash'",
    });
    const error = new QueryFailedError('INSERT INTO users … canary', ['canary-hash'], driverError);
    const logged = loggedError(serialized(error));
    expect(logged).toMatchObject({ message: 'value too long', code: '22001', stack: error.stack });
    expect(JSON.stringify(logged)).not.toContain('canary');
  });

  it('holds to that in errors of several', () => {
    const one = { type: 'Error', message: 'refused', code: 'ECONNREFUSED', stack: 'at …', parameters: ['canary'] };
    const logged = loggedError({ type: 'AggregateError', message: '', stack: 'at …', aggregateErrors: [one] });
    expect(logged).toMatchObject({ aggregateErrors: [{ message: 'refused', code: 'ECONNREFUSED' }] });
    expect(JSON.stringify(logged)).not.toContain('canary');
  });
});
