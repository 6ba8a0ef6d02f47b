import { describe, expect, it } from 'vitest';
import { countTests } from '../../../../src/grading/mutation/count-tests.js';
import { handWrittenMutants } from '../../../../src/grading/mutation/mutant.js';
import { readGenerated } from '../../../../src/grading/mutation/read-generated.js';
import { bytes, mutationTest } from '../builders.js';

const reference = [
  { path: 'a.py', content: 'one\ntwo\nthree\n' },
  { path: 'b.py', content: 'b\n' },
];

describe('handWrittenMutants', () => {
  it('replaces files and texts, leaves out what does not count, and tells the lines that differ', () => {
    const mutants = handWrittenMutants(
      mutationTest({
        exclude: ['gone'],
        mutants: [
          {
            id: 'both',
            description: null,
            files: [{ path: 'b.py', content: 'c\n' }],
            replace: [{ path: 'a.py', find: 'two', with: '$& $1' }],
          },
          { id: 'gone', description: null, files: [{ path: 'b.py', content: '' }], replace: [] },
        ],
      }),
      reference,
    );
    expect(mutants).toEqual([
      {
        id: 'both',
        description: null,
        files: [
          { path: 'a.py', content: 'one\n$& $1\nthree\n' },
          { path: 'b.py', content: 'c\n' },
        ],
        diff: 'a.py:2\n- two\n+ $& $1\nb.py:1\n- b\n+ c',
      },
    ]);
  });
});

describe('readGenerated', () => {
  const test = mutationTest({ generate: { max: 2 }, exclude: ['x'] });
  const read = (value: unknown) =>
    readGenerated(bytes(typeof value === 'string' ? value : JSON.stringify(value)), test, reference);
  const mutant = { id: 'm', description: 'd', path: 'a.py', start: 4, end: 7, text: 'TWO' };

  it('makes sources of bases and pieces, at most as many as are wanted', () => {
    const made = read({
      bases: { 'a.py': 'one\ntwo\n' },
      mutants: [{ ...mutant, id: 'x' }, mutant, { ...mutant, id: 'n' }, { ...mutant, id: 'o' }],
      rewrites: [{ 'a.py': 'again\n' }],
    });
    expect(made).toMatchObject({
      ok: true,
      mutants: [{ id: 'm', files: [{ path: 'a.py', content: 'one\nTWO\n' }] }, { id: 'n' }],
      rewrites: [
        [
          { path: 'a.py', content: 'again\n' },
          { path: 'b.py', content: 'b\n' },
        ],
      ],
    });
  });

  it('takes no mutant that is none, or of no shape', () => {
    const same = { ...mutant, text: 'two' };
    const made = read({ bases: {}, mutants: [same, { ...mutant, path: '__proto__' }, { id: 'm' }, 7], rewrites: 7 });
    expect(made).toEqual({ ok: true, mutants: [], rewrites: [] });
  });

  it.each(['', '[]', '{"fault": "no such module"}'])('says that %j is none', (report) => {
    expect(read(report).ok).toBe(false);
  });
});

describe('countTests', () => {
  it.each([
    ['pytest', '..\n3 passed in 0.01s\n', 3],
    ['pytest', '1 failed, 2 passed, 1 skipped in 0.01s', 2],
    ['pytest', 'no tests ran in 0.00s', 0],
    ['unittest', 'Ran 1 test in 0.000s\n\nOK', 1],
    ['node-test', '# tests 4\n# pass 3\n# fail 1\n', 3],
    ['mocha', '\n  12 passing (4ms)\n', 12],
    ['jest', 'Test Suites: 1 passed, 1 total\nTests:       2 passed, 2 total\n', 2],
    ['vitest', ' Test Files  1 passed (1)\n\u001b[2m      Tests \u001b[22m \u001b[32m5 passed\u001b[39m (5)\n', 5],
  ] as const)('%s: %j', (framework, output, count) => {
    expect(countTests(framework, bytes(output), bytes(''))).toBe(count);
    expect(countTests(framework, bytes(''), bytes(output))).toBe(count);
  });
});
