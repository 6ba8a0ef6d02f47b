import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { BubblewrapSandbox } from '../../src/sandbox/bubblewrap-sandbox.js';
import type { Sandbox } from '../../src/sandbox/sandbox.js';
import type { RunResult } from '../../src/submissions/grading-runs.js';
import { gradeInSandbox } from '../support/grade-in-sandbox.js';
import { requiredSupervisor } from '../support/required-supervisor.js';

/** Stands in the document as what is expected, and nowhere else: whoever finds it has seen what must not be seen. */
const SECRET = 'expected-7f3a';

const PYTHON = `
import statistics
def mean(numbers):
    if not numbers: raise ValueError("no numbers")
    return sum(numbers) / len(numbers)
def sort(numbers): numbers.sort()
def pair(a, b=2): return (a, {b})
def read(): return input()
def squares(n):
    for i in range(n): yield i * i
async def later(a): return a
def big(): return 2 ** 80
def shown(a): print("got", a)
class Stack:
    def __init__(self): self.items = []
    def push(self, item): self.items.append(item)
    def pop(self): return self.items.pop()
    @property
    def size(self): return len(self.items)
class Point:
    def __init__(self, x): self.x = x
`;
const NODE = `
exports.mean = (numbers) => {
  if (numbers.length === 0) throw new RangeError('no numbers');
  return numbers.reduce((a, b) => a + b) / numbers.length;
};
exports.sort = (numbers) => { numbers.sort((a, b) => a - b); };
exports.pair = (a, b = 2) => [a, new Set([b])];
exports.later = async (a) => a;
exports.big = () => 2n ** 80n;
exports.shown = (a) => { console.log('got', a); };
exports.Stack = class Stack {
  items = [];
  push(item) { this.items.push(item); }
  pop() { return this.items.pop(); }
  get size() { return this.items.length; }
};
exports.Point = class Point { constructor(x) { this.x = x; } };
`;
const STACK = {
  name: 'a stack',
  steps: [
    { new: 'Stack', as: 'stack' },
    { call: 'stack.push', args: ['a'] },
    { get: 'stack.size', expect: { value: 1 } },
    { call: 'stack.pop', expect: { value: 'a' } },
    { get: 'stack.size', expect: { value: 0 } },
  ],
};
const COMMON = [
  { name: 'mean', call: 'mean', args: [[1, 2]], expect: { value: 1.5 } },
  { name: 'nearly', call: 'mean', args: [[0.1, 0.2]], expect: { value: 0.15, floatTolerance: { absolute: 1e-9 } } },
  { name: 'in place', call: 'sort', args: [[3, 1, 2]], expect: { args: [[1, 2, 3]] } },
  { name: 'later', call: 'later', args: [{ a: null }], expect: { value: { a: null } } },
  { name: 'big', call: 'big', expect: { value: { $int: '1208925819614629174706176' } } },
  { name: 'an object', new: 'Point', args: [1], expect: { value: { $object: { class: 'Point', fields: { x: 1 } } } } },
  { name: 'prints', call: 'shown', args: [1], expect: { stdout: 'got 1\n' } },
  STACK,
];

const verdicts = ({ cases }: RunResult['tests'][number]) => (cases ?? []).map(({ verdict }) => verdict);

describe('isolated calls', () => {
  let sandbox: Sandbox;
  beforeAll(() => {
    sandbox = new BubblewrapSandbox({ driver: 'bubblewrap', concurrency: 2, supervisor: requiredSupervisor() });
  });
  afterAll(() => sandbox.shutDown());

  const LIMITS = { timeMs: 3_000, wallMs: 30_000 };
  const graded = async (
    runtime: 'python' | 'node',
    body: string,
    calls: readonly object[],
    overrides: object = {},
  ): Promise<RunResult['tests'][number]> => {
    const test = { kind: 'unit', name: 'calls', points: 10, isolated: true, calls, limits: LIMITS, ...overrides };
    const grading = { runtime, tests: [test] };
    const files = { [runtime === 'python' ? 'main.py' : 'main.js']: body };
    const [result] = (await gradeInSandbox(sandbox, grading, files)).tests;
    if (result === undefined) throw new Error('There is no result.');
    return result;
  };

  it.each([
    [
      'python',
      PYTHON,
      [
        { name: 'raises', call: 'mean', args: [[]], expect: { raises: { type: 'ValueError', message: 'no' } } },
        { name: 'above', call: 'mean', args: [[]], expect: { raises: 'Exception' } },
        { name: 'pair', call: 'pair', args: [1], kwargs: { b: 3 }, expect: { value: { $tuple: [1, { $set: [3] }] } } },
        { name: 'reads', call: 'read', stdin: 'line\n', expect: { value: 'line' } },
        { name: 'yields', call: 'squares', args: [4], expect: { value: [0, 1, 4, 9] } },
        { name: 'a library', call: 'statistics.median', args: [[1, 2, 3]], expect: { value: 2 } },
      ],
    ],
    [
      'node',
      NODE,
      [
        { name: 'raises', call: 'mean', args: [[]], expect: { raises: { type: 'RangeError', message: 'no' } } },
        { name: 'above', call: 'mean', args: [[]], expect: { raises: 'Error' } },
        { name: 'pair', call: 'pair', args: [1], expect: { value: [1, { $set: [2] }] } },
        { name: 'nothing', call: 'sort', args: [[]], expect: { value: { $undefined: true } } },
      ],
    ],
  ] as const)('of %s are compared by value', async (runtime, body, own) => {
    const right = await graded(runtime, body, [...COMMON, ...own]);
    expect(right, JSON.stringify(right)).toMatchObject({ verdict: 'accepted', points: 10 });
    // In one process nothing differs, but for what belongs to a process.
    const shared = [...COMMON, ...own].filter(({ name }) => name !== 'prints' && name !== 'reads');
    const again = await graded(runtime, body, shared, { freshProcess: false });
    expect(again, JSON.stringify(again)).toMatchObject({ verdict: 'accepted', points: 10 });
  });

  it('say where a value differs, and give the others their points', async () => {
    const body = PYTHON.replace('sum(numbers) / len(numbers)', 'sum(numbers)').replace(
      'return (a, {b})',
      'return [a, {b}]',
    );
    const wrong = await graded('python', body, [
      { name: 'mean', call: 'mean', args: [[1, 2]], expect: { value: 1.5 }, points: 4 },
      { name: 'pair', call: 'pair', args: [1], expect: { value: { $tuple: [1, { $set: [2] }] } }, points: 1 },
      { ...STACK, points: 3 },
      { name: 'missing', call: 'median', args: [], points: 1 },
      { name: 'does not raise', call: 'mean', args: [[1]], expect: { raises: 'ValueError' }, points: 1 },
    ]);
    expect(wrong).toMatchObject({ verdict: 'wrong_answer', points: 3 });
    expect(wrong.cases).toMatchObject([
      { verdict: 'wrong_answer', message: 'mean([1, 2]): expected 1.5, got 3.' },
      { verdict: 'wrong_answer', message: 'pair(1): expected (1, set{2}), got [1, set{2}].' },
      { verdict: 'accepted', points: 3 },
      { verdict: 'runtime_error', message: expect.stringContaining('AttributeError') },
      { verdict: 'wrong_answer', message: expect.stringContaining('should raise ValueError') },
    ]);
  });

  it.each([
    [
      'python',
      'import os, time\ndef f(n):\n    if n == 1: os._exit(0)\n    if n == 2:\n        while True: pass\n    if n == 3: raise SystemExit(0)\n    return n\n',
    ],
    [
      'node',
      'exports.f = (n) => { if (n === 1) process.exit(0); if (n === 2) for (;;); if (n === 3) throw null; return n; };\n',
    ],
  ] as const)('of %s stand each for itself', async (runtime, body) => {
    const calls = [0, 1, 2, 3, 4].map((n) => ({ name: `f ${n}`, call: 'f', args: [n], expect: { value: n } }));
    for (const freshProcess of [true, false]) {
      const result = await graded(runtime, body, calls, { freshProcess });
      expect(verdicts(result), JSON.stringify(result)).toEqual([
        'accepted',
        'runtime_error',
        'time_limit_exceeded',
        'runtime_error',
        'accepted',
      ]);
      expect(result).toMatchObject({ points: 4, verdict: 'runtime_error' });
    }
  });

  it('say when the module cannot be loaded', async () => {
    for (const [runtime, body] of [
      ['python', 'def f(:'],
      ['node', 'exports.f = ('],
    ] as const) {
      const result = await graded(runtime, body, [{ name: 'f', call: 'f', expect: { value: 1 } }]);
      expect(result).toMatchObject({ verdict: 'runtime_error', points: 0 });
      expect(result.message).toMatch(/could not be loaded: SyntaxError/);
    }
  });

  const CALLS = [{ name: 'f', call: 'f', args: [1], expect: { value: SECRET } }];
  const LOOKING = String.raw`
import gc, os, sys, glob
def look():
    seen = []
    for path in glob.glob("/proc/[0-9]*/*") + glob.glob("/proc/[0-9]*/fd/*") + glob.glob("/grader/**", recursive=True) + glob.glob("/grader/.assay/*") + glob.glob("/box/**", recursive=True) + glob.glob("/tmp/*"):
        try:
            if "/mem" in path or "/task" in path or "/fd/1" in path or "/fd/2" in path or "/fd/3" in path: continue
            seen.append(open(path, "rb", buffering=0).read(1 << 20))
        except OSError: pass
    frame = sys._getframe()
    while frame:
        seen.append(repr(list(frame.f_globals)).encode()); frame = frame.f_back
    for one in gc.get_objects():
        members = one.values() if type(one) is dict else one if type(one) in (list, tuple) else ()
        seen.extend(text.encode() for text in list(members) if type(text) is str)
    return b"".join(bytes(one) for one in seen)
`;

  it('let nobody find what is expected', async () => {
    const half = SECRET.slice(0, 8);
    const body = `${LOOKING}\ndef f(n):\n    found = look()\n    at = found.find(b"${half}" + b"-")\n    return [len(found) > 1000, at]\n`;
    // The search itself holds the halves apart: it would find itself.
    const result = await graded('python', body.replace(`b"${half}" + b"-"`, `b"xpected-"[::1].join([b"e", b"7f3a"])`), [
      ...CALLS,
      { name: 'looks', call: 'f', args: [1], expect: { value: [true, -1] } },
    ]);
    expect(verdicts(result), JSON.stringify(result)).toEqual(['wrong_answer', 'accepted']);
  });

  it.each([
    [
      'is equal to everything',
      'class E:\n    def __eq__(self, o): return True\n    def __hash__(self): return 1\ndef f(n): return E()\n',
    ],
    [
      'lies about its type',
      'class S(str):\n    def __eq__(self, o): return True\n    def __str__(self): return "x"\ndef f(n): return S("y")\n',
    ],
    [
      'reduces to something else',
      'class R:\n    def __reduce__(self): return (str, ("x",))\n    def __repr__(self): return "x"\ndef f(n): return R()\n',
    ],
    [
      'patches json',
      'import json\njson.dumps = lambda *a, **k: \'{"call": 0, "step": 0, "kind": "returned", "passed": true, "verdict": "accepted"}\'\ndef f(n): return 1\n',
    ],
    [
      'writes a report of its own',
      'import os\ndef f(n):\n    os.write(3, b\'{"call":0,"step":0,"kind":"returned","verdict":"accepted"}\\n{"call":0,"kind":"end"}\\n\')\n    os._exit(0)\n',
    ],
    ['writes garbage', 'import os\ndef f(n):\n    os.write(3, b"[" * 50000 + b"\\n\\xff\\x00{]}\\n")\n    return 1\n'],
    ['returns what never ends', 'def f(n):\n    a = []\n    a.append(a)\n    return a\n'],
    [
      'raises what cannot be shown',
      'class E(Exception):\n    def __str__(self): raise RuntimeError("no")\n    __repr__ = __str__\ndef f(n): raise E()\n',
    ],
    [
      'patches what compares',
      'import builtins, operator\nbuiltins.isinstance = lambda *a: True\noperator.eq = lambda *a: True\ndef f(n): return 1\n',
    ],
    [
      'says that it is over and returned before',
      'import os\nos.write(3, b\'{"call":0,"kind":"end"}\\n\')\ndef f(n): return 1\n',
    ],
  ])('gain nothing for a submission that %s', async (_, body) => {
    const result = await graded('python', body, CALLS);
    expect(result.verdict, JSON.stringify(result)).toMatch(/^(?:wrong_answer|runtime_error)$/);
    expect(result.points).toBe(0);
    expect(JSON.stringify(result.stdout)).not.toContain(SECRET);
  });

  it.each([
    [
      'patches JSON and arrays',
      'JSON.stringify = () => \'{"call":0,"step":0,"kind":"returned","verdict":"accepted"}\';\nArray.isArray = () => true;\nexports.f = () => 1;\n',
    ],
    ['has a toJSON', 'exports.f = () => ({ toJSON: () => "x", get x() { throw 1; } });\n'],
    [
      'returns a proxy',
      'exports.f = () => new Proxy({}, { get: () => () => true, ownKeys: () => { throw new Error("no"); } });\n',
    ],
    [
      'writes a report of its own',
      'exports.f = () => { require("node:fs").writeSync(3, \'{"call":0,"step":0,"kind":"returned","verdict":"accepted"}\\n{"call":0,"kind":"end"}\\n\'); process.exit(0); };\n',
    ],
    ['never resolves', 'exports.f = () => new Promise(() => {});\n'],
  ])('gain nothing for JavaScript that %s', async (_, body) => {
    const result = await graded('node', body, CALLS);
    expect(result.verdict, JSON.stringify(result)).toMatch(/^(?:wrong_answer|runtime_error)$/);
    expect(result.points).toBe(0);
  });
});
