import { expect } from 'vitest';
import { matching } from './matching.js';
import type { TestResponse } from './test-app.js';

/** That an answer is a complete problem (RFC 9457) with this status and code. */
export function expectProblem(response: TestResponse<unknown>, status: number, code: string): void {
  expect(response.body).toMatchObject({ status, code });
  expect(response.status).toBe(status);
  expect(response.headers.get('content-type')).toBe('application/problem+json; charset=utf-8');
  expect(response.body).toMatchObject({
    type: `/docs#problem-${code}`,
    title: matching(/\S/),
    detail: matching(/\S/),
    instance: matching(/^\/[^?]*$/),
    traceId: matching(/^[0-9a-f-]{36}$/),
  });
  if (status === 401) expect(response.headers.get('www-authenticate')).toMatch(/^Bearer realm="assay"/);
}

/** That it is a 422 which names these places, and no others. */
export function expectInvalid(response: TestResponse<unknown>, ...paths: readonly string[]): void {
  expectProblem(response, 422, 'validation_failed');
  const { errors } = response.body as { errors: readonly { path: string; message: string }[] };
  expect([...new Set(errors.map((one) => one.path))].sort()).toEqual([...paths].sort());
  for (const one of errors) expect(one.message).toMatch(/\S/);
}
