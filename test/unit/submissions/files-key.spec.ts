import { describe, expect, it } from 'vitest';
import { newId } from '../../../src/database/new-id.js';
import { filesKeyOf, instantOfId, submissionIdOfFilesKey } from '../../../src/submissions/files-key.js';

describe('keys of submission files', () => {
  it('give back the submission', () => {
    const id = newId();
    expect(submissionIdOfFilesKey(filesKeyOf(id))).toBe(id);
  });

  it.each([
    'submissions/x.tar',
    'submissions/6f1ed002-ab55-4f3d-9f3e-0a5a7d3c1f55.tar',
    'exports/01a1f93b-a283-7197-87f1-4221b13d5ab0.tar',
    'submissions/01a1f93b-a283-7197-87f1-4221b13d5ab0.tar.old',
  ])('leave %s alone', (key) => {
    expect(submissionIdOfFilesKey(key)).toBeNull();
  });

  it('tell when the submission was made', () => {
    const before = Date.now();
    const made = instantOfId(newId()).getTime();
    expect(made).toBeGreaterThanOrEqual(before);
    expect(made).toBeLessThanOrEqual(Date.now());
    expect(instantOfId('017f22e2-79b0-7cc3-98c4-dc0c0c07398f')).toEqual(new Date('2022-02-22T19:22:22.000Z'));
  });
});
