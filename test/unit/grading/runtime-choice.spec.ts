import { describe, expect, it } from 'vitest';
import { chooseRuntime, runtimesOf } from '../../../src/grading/runtime-choice.js';

const fixed = { runtime: 'python', runtimes: null };
const several = { runtime: null, runtimes: ['python', 'node'] };

describe('the runtime of a submission', () => {
  it('is the one of the assignment, asked for or not', () => {
    expect(runtimesOf(fixed)).toEqual(['python']);
    expect(chooseRuntime(fixed, null)).toEqual({ ok: true, runtime: 'python' });
    expect(chooseRuntime(fixed, 'python')).toEqual({ ok: true, runtime: 'python' });
    expect(chooseRuntime({ runtime: null, runtimes: ['c'] }, null)).toEqual({ ok: true, runtime: 'c' });
  });

  it('is to be chosen where there are several', () => {
    expect(chooseRuntime(several, 'node')).toEqual({ ok: true, runtime: 'node' });
    expect(chooseRuntime(several, null)).toEqual({ ok: false, message: 'is required: choose one of python, node' });
  });

  it('is never one that the assignment does not name', () => {
    expect(chooseRuntime(fixed, 'node')).toEqual({
      ok: false,
      message: 'is not a runtime of this assignment: choose one of python',
    });
    expect(chooseRuntime(several, 'c').ok).toBe(false);
    expect(chooseRuntime(several, '').ok).toBe(false);
  });
});
