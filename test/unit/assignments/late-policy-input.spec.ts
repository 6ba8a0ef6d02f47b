import { describe, expect, it } from 'vitest';
import { parseLatePolicy, patchLatePolicy } from '../../../src/assignments/late-policy-input.js';

describe('parseLatePolicy', () => {
  it('takes each kind, and lets `max` be left out', () => {
    expect(parseLatePolicy({ kind: 'none' })).toEqual({ ok: true, policy: { kind: 'none' } });
    expect(parseLatePolicy({ kind: 'percent', perDay: 12.5, max: 50 })).toEqual({
      ok: true,
      policy: { kind: 'percent', perDay: 12.5, max: 50 },
    });
    expect(parseLatePolicy({ kind: 'percent', perDay: 0 })).toEqual({
      ok: true,
      policy: { kind: 'percent', perDay: 0, max: 100 },
    });
  });

  it.each([
    [{}, ['/latePolicy/kind']],
    [{ kind: 'toString' }, ['/latePolicy/kind']],
    [{ kind: 'none', max: 1 }, ['/latePolicy/max']],
    [{ kind: 'percent' }, ['/latePolicy/perDay']],
    [{ kind: 'percent', perDay: '10' }, ['/latePolicy/perDay']],
    [{ kind: 'percent', perDay: Number.NaN }, ['/latePolicy/perDay']],
    [{ kind: 'percent', perDay: 10.0001 }, ['/latePolicy/perDay']],
    [{ kind: 'percent', perDay: 10, max: null }, ['/latePolicy/max']],
    [{ kind: 'percent', perDay: 101, max: 101 }, ['/latePolicy/perDay', '/latePolicy/max']],
    [{ kind: 'percent', perDay: 1, 'a/b': 1 }, ['/latePolicy/a~1b']],
  ])('refuses %j', (sent, paths) => {
    const parsed = parseLatePolicy(sent);
    expect(parsed.ok ? [] : parsed.errors.map(({ path }) => path)).toEqual(paths);
  });
});

describe('patchLatePolicy', () => {
  const present = { kind: 'percent', perDay: 10, max: 50 } as const;

  it('merges', () => {
    expect(patchLatePolicy(present, { max: 60 })).toEqual({ ok: true, policy: { ...present, max: 60 } });
    expect(patchLatePolicy(present, { max: null })).toEqual({ ok: true, policy: { ...present, max: 100 } });
    expect(patchLatePolicy(present, {})).toEqual({ ok: true, policy: present });
  });

  it('keeps nothing of another kind', () => {
    expect(patchLatePolicy(present, { kind: 'none' })).toEqual({ ok: true, policy: { kind: 'none' } });
    expect(patchLatePolicy({ kind: 'none' }, { perDay: 5 }).ok).toBe(false);
  });
});
