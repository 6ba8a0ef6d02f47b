/** The same exercise, two functions and a test of each, as every framework has it; and what students try. */
export interface Dialect {
  readonly framework: string;
  readonly runtime: string;
  readonly tests: readonly { readonly path: string; readonly content: string; readonly hidden: true }[];
  /** The files of a submission with this code. */
  readonly submission: (body: string) => Readonly<Record<string, string>>;
  /** The last parts of the names of the cases. */
  readonly names: readonly [string, string];
  readonly right: string;
  /** Adds, and does not multiply. */
  readonly partly: string;
  /** Cannot be loaded. */
  readonly broken: string;
  readonly complaint: RegExp;
  /** Adds, and never comes back from multiplying. */
  readonly endless: string;
  /** CPU time enough to start, and no more than need be waited for. */
  readonly patience: { readonly timeMs: number };
  /** Code that multiplies wrongly, by what it does about it. */
  readonly cheats: Readonly<Record<string, string>>;
}

const FORGED = '{"t":"case","name":"multiplies","title":"multiplies","outcome":"passed","message":""}';
const file = (path: string, content: string): Dialect['tests'][number] => ({ path, content, hidden: true });

const PYTHON_WRONG = 'def add(a, b):\n    return a + b\n\ndef mul(a, b):\n    return a - b\n';
const PYTHON: Omit<Dialect, 'framework' | 'tests' | 'names' | 'cheats'> = {
  runtime: 'python',
  submission: (body) => ({ 'calc.py': body, 'main.py': '' }),
  right: PYTHON_WRONG.replace('a - b', 'a * b'),
  partly: PYTHON_WRONG,
  broken: 'def add(a, b:\n',
  complaint: /SyntaxError/,
  endless: PYTHON_WRONG.replace('return a - b', 'while True: pass'),
  patience: { timeMs: 3_000 },
};
const PYTHON_CHEATS = {
  'ends the process when it is loaded': `import os\n${PYTHON_WRONG}print("2 passed")\nos._exit(0)\n`,
  'ends the process in a call': PYTHON_WRONG.replace('return a - b', 'import os; os._exit(0)'),
  'ends it politely': PYTHON_WRONG.replace('return a - b', 'raise SystemExit(0)'),
  'skips itself': PYTHON_WRONG.replace('return a - b', 'import unittest; raise unittest.SkipTest("no")'),
  'writes reports': `import os
for path in ("results.xml", "report.json", "/tmp/results.xml"):
    open(path, "w").write('<testsuite tests="2"><testcase name="a"/><testcase name="b"/></testsuite>')
print("ok 1 - multiplies")
for number in range(3, 64):
    for path in (number, "/proc/self/fd/%d" % number):
        try:
            opened = path if isinstance(path, int) else os.open(path, os.O_WRONLY)
            os.write(opened, b'\\n${'0'.repeat(64)} 3 ${FORGED}\\n')
        except OSError:
            pass
${PYTHON_WRONG}`,
  'reads the key back': `import os
keys = []
for number in range(0, 64):
    try:
        keys.append(os.pread(number, 4096, 0))
    except OSError:
        pass
for path in ("/proc/self/environ", "/proc/self/cmdline"):
    keys.append(open(path, "rb").read())
print(keys)
if any(b'"key"' in key for key in keys):
    os._exit(99)
${PYTHON_WRONG}`,
  'brings settings of its own': PYTHON_WRONG,
};
const CONFTEST = `import pytest
@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item, call):
    outcome = yield
    outcome.get_result().outcome = "passed"
`;

const JAVASCRIPT_WRONG = 'exports.add = (a, b) => a + b;\nexports.mul = (a, b) => a - b;\n';
const JAVASCRIPT: Omit<Dialect, 'framework' | 'tests' | 'cheats' | 'patience'> = {
  runtime: 'node',
  submission: (body) => ({ 'calc.js': body, 'main.js': '' }),
  names: ['adds', 'multiplies'],
  right: JAVASCRIPT_WRONG.replace('a - b', 'a * b'),
  partly: JAVASCRIPT_WRONG,
  broken: 'exports.add = (a, b) => {\n',
  complaint: /SyntaxError|Unexpected|Expected|Expression|parse/i,
  endless: JAVASCRIPT_WRONG.replace('a - b', '{ for (;;); }'),
};
const inMul = (code: string): string => JAVASCRIPT_WRONG.replace('a - b', `{ ${code} }`);
const JAVASCRIPT_CHEATS = {
  'ends the process when it is loaded': `${JAVASCRIPT_WRONG}console.log('2 passing');\nprocess.exit(0);\n`,
  'ends the process in a call': inMul('process.exit(0)'),
  'writes reports': `const fs = require('node:fs');
for (const path of ['results.json', 'junit.xml', '/tmp/results.json']) fs.writeFileSync(path, '{"numPassedTests":2,"success":true}');
console.log('ok 1 - adds\\nok 2 - multiplies\\n1..2');
const line = '\\n${'0'.repeat(64)} 3 ${FORGED}\\n';
for (let number = 3; number < 64; number += 1) {
  // Only pipes: a descriptor of the interpreter's own might end it.
  try { if (!fs.fstatSync(number).isFIFO()) continue; } catch { continue; }
  try { fs.writeSync(number, line); } catch {}
  try { fs.writeSync(fs.openSync('/proc/self/fd/' + number, 'w'), line); } catch {}
}
${JAVASCRIPT_WRONG}`,
  'reads the key back': `const fs = require('node:fs');
const read = (path) => { try { return fs.readFileSync(path, 'latin1'); } catch { return ''; } };
const found = ['/proc/self/fd/0', '/proc/self/environ', '/proc/self/cmdline'].map(read).join();
if (found.includes('"key"')) process.reallyExit(99);
${JAVASCRIPT_WRONG}`,
  'patches assert': `const assert = require('node:assert');
for (const one of [assert, assert.strict]) for (const name of Object.keys(one)) if (typeof one[name] === 'function') try { one[name] = () => {}; } catch {}
${JAVASCRIPT_WRONG}${inMul("require('node:assert').strictEqual = () => {}; return 6.5;").split('\n')[1] ?? ''}\n`,
  'replaces what registers tests': `for (const name of ['it', 'test', 'describe', 'expect']) {
  const chain = new Proxy(() => chain, { get: () => chain, apply: () => chain });
  globalThis[name] = chain;
}
${JAVASCRIPT_WRONG}`,
  'adds cases of its own': `const it = globalThis.it ?? (() => {});
for (let i = 0; i < 50; i += 1) { try { it('multiplies', () => {}); it('extra ' + i, () => {}); } catch {} }
${JAVASCRIPT_WRONG}`,
};

const ASSERTED = `const assert = require('node:assert');
const { add, mul } = require('./calc.js');
describe('calc', () => {
  it('adds', () => assert.strictEqual(add(1, 2), 3));
  it('multiplies', async () => {
    assert.strictEqual(mul(2, 3), 6);
  });
});
`;
const EXPECTED = `describe('calc', () => {
  it('adds', () => expect(add(1, 2)).toBe(3));
  it('multiplies', () => {
    expect(mul(2, 3)).toBe(6);
  });
});
`;
const EXPECT_CHEATS = {
  'extends expect': `const always = () => ({ pass: true, message: () => '' });
try { expect.extend({ toBe: always, toEqual: always }); } catch {}
${inMul("try { expect.extend({ toBe: () => ({ pass: true, message: () => '' }) }); } catch {} return 1;")}`,
};

const JAVA_WRONG = (mul: string, add = 'return a + b;', start = ''): string =>
  `public class Calc {\n  ${start}\n  static int add(int a, int b) { ${add} }\n  static int mul(int a, int b) { ${mul} }\n}\n`;

export const DIALECTS: readonly Dialect[] = [
  {
    ...PYTHON,
    framework: 'pytest',
    names: ['test_add', 'test_mul'],
    tests: [
      file(
        'test_calc.py',
        'from calc import add, mul\n\ndef test_add():\n    assert add(1, 2) == 3\n\ndef test_mul():\n    assert mul(2, 3) == 6\n',
      ),
    ],
    submission: (body) => ({
      ...PYTHON.submission(body),
      'conftest.py': CONFTEST,
      'pytest.ini': '[pytest]\naddopts = --collect-only\n',
    }),
    cheats: {
      ...PYTHON_CHEATS,
      'patches the runner': `import _pytest.python, _pytest.runner
_pytest.python.Function.runtest = lambda self: None
${PYTHON_WRONG}`,
      'patches what judges a run': PYTHON_WRONG.replace(
        'return a - b',
        'import _pytest.runner as r; r.TestReport.from_item_and_call = None; return 1',
      ),
      'empties the tests': `import sys
test = sys.modules["test_calc"]
import threading
def later():
    import time
    while not hasattr(test, "test_mul"): time.sleep(0.001)
    del test.test_mul
threading.Thread(target=later, daemon=True).start()
${PYTHON_WRONG}`,
      'calls itself a test': `${PYTHON_WRONG}\n${Array.from({ length: 20 }, (_, i) => `def test_${i}(): pass\n`).join('')}`,
    },
  },
  {
    ...PYTHON,
    framework: 'unittest',
    names: ['test_add', 'test_mul'],
    tests: [
      file(
        'test_calc.py',
        'import unittest\nfrom calc import *\n\nclass TestCalc(unittest.TestCase):\n    def test_add(self):\n        self.assertEqual(add(1, 2), 3)\n\n    def test_mul(self):\n        self.assertEqual(mul(2, 3), 6)\n',
      ),
    ],
    cheats: {
      ...PYTHON_CHEATS,
      'patches the assertion': `import unittest
unittest.TestCase.assertEqual = lambda *a, **k: None
${PYTHON_WRONG}`,
      'patches the runner': `import unittest
def run(self, result):
    result.startTest(self); result.addSuccess(self); result.stopTest(self)
unittest.TestCase.run = run
${PYTHON_WRONG}`,
      'brings test classes': `import unittest
class TestMore(unittest.TestCase):
    pass
for i in range(50):
    setattr(TestMore, "test_%d" % i, lambda self: None)
${PYTHON_WRONG}`,
    },
  },
  {
    ...JAVASCRIPT,
    framework: 'node-test',
    patience: { timeMs: 3_000 },
    tests: [file('calc.test.js', `const { describe, it } = require('node:test');\n${ASSERTED}`)],
    cheats: {
      ...JAVASCRIPT_CHEATS,
      'registers the tests again': `const { test } = require('node:test');
for (let i = 0; i < 50; i += 1) { test('multiplies', () => {}); test('extra', () => {}); }
${JAVASCRIPT_WRONG}`,
    },
  },
  {
    ...JAVASCRIPT,
    framework: 'mocha',
    patience: { timeMs: 3_000 },
    tests: [file('test/calc.js', ASSERTED.replace('./calc.js', '../calc.js'))],
    cheats: {
      ...JAVASCRIPT_CHEATS,
      'patches the runner': `const loaded = require('mocha');
const Mocha = loaded.default ?? loaded;
Mocha.Runnable.prototype.run = function (done) { this.state = 'passed'; done(); };
${JAVASCRIPT_WRONG}`,
      'brings settings of its own': JAVASCRIPT_WRONG,
    },
    submission: (body) => ({
      ...JAVASCRIPT.submission(body),
      '.mocharc.json': '{"grep": "nothing", "reporter": "min"}',
    }),
  },
  {
    ...JAVASCRIPT,
    framework: 'jest',
    patience: { timeMs: 5_000 },
    tests: [file('calc.test.js', `const { add, mul } = require('./calc.js');\n${EXPECTED}`)],
    submission: (body) => ({
      ...JAVASCRIPT.submission(body),
      'jest.config.js': 'process.exit(0);\n',
      'babel.config.js': 'process.exit(0);\n',
    }),
    cheats: { ...JAVASCRIPT_CHEATS, ...EXPECT_CHEATS },
  },
  {
    ...JAVASCRIPT,
    framework: 'vitest',
    patience: { timeMs: 5_000 },
    tests: [
      file(
        'calc.test.js',
        `import { describe, expect, it } from 'vitest';\nimport { add, mul } from './calc.js';\n${EXPECTED}`,
      ),
    ],
    submission: (body) => ({
      'calc.js': `import { createRequire } from 'node:module';\nimport { expect } from 'vitest';\nconst require = createRequire('/box/');\n${body.replaceAll('exports.', 'export const ')}`,
      'main.js': '',
      'package.json': '{"type": "module"}',
      'vitest.config.js': 'process.exit(0);\n',
    }),
    cheats: { ...JAVASCRIPT_CHEATS, ...EXPECT_CHEATS },
  },
  {
    framework: 'junit',
    runtime: 'java',
    names: ['adds', 'multiplies'],
    tests: [
      file(
        'CalcTest.java',
        `import static org.junit.jupiter.api.Assertions.assertEquals;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

@TestMethodOrder(MethodOrderer.MethodName.class)
class CalcTest {
  @Test void adds() { assertEquals(3, Calc.add(1, 2)); }
  @Test void multiplies() { assertEquals(6, Calc.mul(2, 3)); }
}
`,
      ),
    ],
    submission: (body) => ({ 'Calc.java': body }),
    right: JAVA_WRONG('return a * b;'),
    partly: JAVA_WRONG('return a - b;'),
    broken: 'public class Calc { static int add(int a, int b) { return a + b; } }\n',
    complaint: /do not compile[^]*mul/,
    endless: JAVA_WRONG('while (true) { if (a == 77) return b; }'),
    patience: { timeMs: 6_000 },
    cheats: {
      'ends the process when it is loaded': JAVA_WRONG(
        'return 0;',
        'return a + b;',
        'static { System.out.println("2 tests successful"); System.exit(0); }',
      ),
      'ends the process in a call': JAVA_WRONG('System.exit(0); return 0;'),
      'ends it by force': JAVA_WRONG('Runtime.getRuntime().halt(0); return 0;'),
      'skips itself': JAVA_WRONG(
        'try { throw (RuntimeException) Class.forName("org.opentest4j.TestAbortedException").getConstructor().newInstance(); } catch (ReflectiveOperationException e) { return 0; }',
      ),
      'writes reports': JAVA_WRONG(
        `try { for (int i = 3; i < 32; i++) { if (!java.nio.file.Files.readSymbolicLink(java.nio.file.Path.of("/proc/self/fd/" + i)).toString().startsWith("pipe")) continue; try (var out = new java.io.FileOutputStream("/proc/self/fd/" + i)) { out.write(("\\n" + "0".repeat(64) + " 7 {\\"t\\":\\"case\\",\\"name\\":\\"CalcTest.multiplies\\",\\"outcome\\":\\"passed\\"}\\n").getBytes()); } } } catch (Exception e) { } return 0;`,
      ),
    },
  },
];
