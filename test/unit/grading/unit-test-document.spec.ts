import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { parseGradingDocument } from '../../../src/grading/parse-grading-document.js';
import { CEILINGS } from '../../support/grading-session.js';

const options = { runtimes: ['python', 'node', 'java', 'bash'], ceilings: CEILINGS };
const documentOf = (test: object, overrides: object = {}) => ({
  runtime: 'python',
  files: [{ path: 'test_a.py', content: '' }],
  tests: [{ kind: 'unit', name: 'u', points: 10, ...test }],
  ...overrides,
});
const parsed = (input: unknown) => {
  const result = parseGradingDocument(input, options);
  if (!result.ok) throw new Error(JSON.stringify(result.errors));
  return result.document;
};
const faults = (input: unknown): string[] => {
  const result = parseGradingDocument(input, options);
  return result.ok ? [] : result.errors.map(({ path, message }) => `${path} ${message}`);
};
const limits = (test: object, overrides: object = {}) => parsed(documentOf(test, overrides)).tests[0]?.limits;
const call = { name: 'f', call: 'f' };

describe('a unit test in a grading document', () => {
  it('has every default filled in, and parses to an equal one', () => {
    const inputs = [
      documentOf({ framework: 'pytest', perCase: { a: 10 }, expectedCases: { count: 1 } }),
      documentOf({ framework: 'tap', run: 'true', args: ['x'] }),
      documentOf({ isolated: true, calls: [{ ...call, args: [{ $set: [1] }], expect: { value: null } }] }),
      documentOf({ isolated: true, calls: [{ name: 'f', steps: [{ new: 'A', as: 'a' }, { get: 'a.b' }] }] }),
    ];
    for (const input of inputs) {
      const once = parsed(input);
      expect(parsed(once)).toEqual(once);
      expect(parsed(JSON.parse(JSON.stringify(once)))).toEqual(once);
    }
    expect(parsed(inputs[0]).tests[0]).toEqual({
      kind: 'unit',
      name: 'u',
      description: null,
      points: 10,
      visibility: 'visible',
      framework: 'pytest',
      testFiles: ['test_a.py'],
      testsFrom: 'document',
      perCase: { a: 10 },
      expectedCases: { names: [], count: 1 },
      isolated: false,
      tamperProof: false,
      limits: { timeMs: 5_000, wallMs: 20_000 },
    });
    expect(parsed(inputs[2]).tests[0]).toMatchObject({
      tamperProof: true,
      freshProcess: true,
      calls: [{ points: null, steps: [{ call: 'f', expect: { value: null, raises: null } }] }],
    });
  });

  it('gets limits that its framework can start with, unless the document names some', () => {
    const jest = { runtime: 'node', files: [{ path: 'a.test.js', content: '' }] };
    expect(limits({ framework: 'jest' }, jest)).toEqual({
      timeMs: 15_000,
      wallMs: 60_000,
      memoryMiB: 768,
      processes: 128,
    });
    expect(limits({ framework: 'jest' }, { ...jest, limits: { timeMs: 4_000, memoryMiB: 512 } })).toEqual({
      processes: 128,
    });
    expect(limits({ framework: 'jest', limits: { timeMs: 9_000 } }, jest)).toMatchObject({
      timeMs: 9_000,
      wallMs: 27_000,
    });
  });

  it.each([
    [{}, '/tests/0/framework is required'],
    [{ framework: 'mocha' }, '/tests/0/framework works with the runtime node only, and this is `python`'],
    [{ framework: 'pytest', run: 'pytest' }, '/tests/0/run is for `junit-xml` and `tap` only'],
    [{ framework: 'pytest', testFiles: ['b.py'] }, '/tests/0/testFiles/0 is not among the `files`'],
    [{ framework: 'pytest', testsFrom: 'submission' }, '/tests/0/testFiles is required'],
    [{ framework: 'pytest', perCase: { a: 3 } }, '/tests/0/perCase adds up to 3'],
    [{ framework: 'pytest', calls: [call] }, '/tests/0/calls needs `isolated: true`'],
    [{ framework: 'pytest', tamperProof: true }, '/tests/0/tamperProof is true with'],
    [{ framework: 'tap' }, '/tests/0/run is required'],
    [{ isolated: true }, '/tests/0/calls is required'],
    [{ isolated: true, framework: 'pytest', calls: [call] }, '/tests/0/framework does not go with'],
    [{ isolated: true, calls: [call, call] }, '/tests/0/calls/1/name is the name of another call'],
    [{ isolated: true, calls: [{ ...call, points: 1 }] }, '/tests/0/calls adds up to 1'],
    [{ isolated: true, calls: [{ name: 'f' }] }, '/tests/0/calls/0 must hold exactly one of'],
    [{ isolated: true, calls: [{ ...call, call: 'f()' }] }, '/tests/0/calls/0/call must be names'],
    [{ isolated: true, calls: [{ ...call, args: [{ $st: [] }] }] }, '/tests/0/calls/0/args/0 knows no `$st`'],
    [
      { isolated: true, calls: [{ ...call, expect: { value: 1, raises: 'E' } }] },
      '/tests/0/calls/0/expect/raises excludes',
    ],
    [{ isolated: true, freshProcess: false, calls: [{ ...call, stdin: 'x' }] }, '/tests/0/calls/0/stdin needs'],
    [{ isolated: true, calls: [{ ...call, steps: [{ call: 'g' }] }] }, '/tests/0/calls/0/call stands beside `steps`'],
    [{ isolated: true, calls: [call], module: '../x.py' }, '/tests/0/module must stay in its folder'],
  ])('with the fault %j is refused', (test, message) => {
    expect(
      faults(documentOf(test)).some((fault) => fault.startsWith(message)),
      faults(documentOf(test)).join('\n'),
    ).toBe(true);
  });

  it('is as docs/grading-unit.md shows it', () => {
    const blocks = [...readFileSync('docs/grading-unit.md', 'utf8').matchAll(/```yaml\n([^]*?)```/g)];
    expect(blocks.length).toBeGreaterThanOrEqual(3);
    for (const [, text = ''] of blocks) expect(faults(parse(text)), text).toEqual([]);
  });
});
