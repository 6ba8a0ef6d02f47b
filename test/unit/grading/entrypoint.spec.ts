import { describe, expect, it } from 'vitest';
import { entrypointFor } from '../../../src/grading/entrypoint.js';

describe('entrypointFor', () => {
  it('is what the document names, for every runtime', () => {
    for (const runtime of ['python', 'c']) expect(entrypointFor({ entrypoint: 'app.py' }, runtime)).toBe('app.py');
  });

  it('is otherwise the default of the runtime, and nothing where a build makes the program', () => {
    const none = { entrypoint: null };
    expect(
      ['python', 'node', 'bash', 'c', 'cpp', 'java', 'toString'].map((runtime) => entrypointFor(none, runtime)),
    ).toEqual(['main.py', 'main.js', 'main.sh', null, null, null, null]);
  });
});
