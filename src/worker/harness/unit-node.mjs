// Runs node:test, mocha, jest or vitest and tells the worker what each case gave. docs/grading-unit.md says what that proves.
//
// The key of the records is read from standard input before any code of the submission is loaded, and lives in a closure. What
// the records need is bound now, so that nothing that the submission puts in its place is called.
import assert from 'node:assert';
import { createHmac, randomUUID } from 'node:crypto';
import { EventEmitter } from 'node:events';
import fs from 'node:fs';
import { createRequire } from 'node:module';

const BOX = '/box';
const GRADER = import.meta.dirname;
const MESSAGE_CHARACTERS = 4000;
const require = createRequire(`${BOX}/`);

/** The function that tells the worker something: an object without prototype that holds texts. */
function openReport(key, descriptor) {
  const { apply, ownKeys } = Reflect;
  const { stringify } = JSON;
  const { writeSync } = fs;
  const from = Buffer.from.bind(Buffer);
  const make = createHmac;
  const { update, digest } = Object.getPrototypeOf(make('sha256', ''));
  let count = 0;
  return (record) => {
    let fields = '';
    const names = ownKeys(record);
    for (let index = 0; index < names.length; index += 1) {
      const text = `${record[names[index]]}`;
      fields = `${fields}${index === 0 ? '' : ','}${stringify(names[index])}:${stringify(text)}`;
    }
    const body = `${count} {${fields}}`;
    count += 1;
    const hmac = make('sha256', key);
    apply(update, hmac, [body]);
    const line = from(`\n${apply(digest, hmac, ['hex'])} ${body}\n`);
    for (let at = 0; at < line.length;) at += writeSync(descriptor, line, at);
  };
}

/** A function that names the first property of these objects that is not what it was, or says null. */
function watch(objects) {
  const kept = [];
  for (const [name, object] of objects) {
    for (const key of Reflect.ownKeys(object)) {
      const { value, get } = Reflect.getOwnPropertyDescriptor(object, key);
      if (typeof value === 'function' || get !== undefined) kept.push([name, object, key, value ?? get]);
    }
  }
  const { getOwnPropertyDescriptor } = Reflect;
  return () => {
    for (let index = 0; index < kept.length; index += 1) {
      const [name, object, key, before] = kept[index];
      const now = getOwnPropertyDescriptor(object, key);
      if ((now?.value ?? now?.get) !== before) return `${name}.${String(key)}`;
    }
    return null;
  };
}

/** What a case gave, after a look whether the framework still is what it was. */
function teller(tell, changed) {
  return (name, title, outcome, message = '') => {
    const found = changed();
    if (found !== null) tell({ __proto__: null, t: 'tampered', message: found });
    tell({ __proto__: null, t: 'case', name, title, outcome, message: message.slice(0, MESSAGE_CHARACTERS) });
  };
}

function describeError(error) {
  try {
    if (error === null || typeof error !== 'object') return String(error);
    const { message = '', stack = '', cause } = error;
    const where = /\(?((?:file:\/\/)?\/box\/[^\s)]+:\d+:\d+)\)?/
      .exec(stack)?.[1]
      ?.replace(/^(?:file:\/\/)?\/box\//, '');
    const text = `${message}`.trim() === '' && cause !== undefined ? describeError(cause) : `${message}`;
    return where === undefined || text.includes(where) ? text : `${text}\n${where}`;
  } catch {
    return 'The error cannot be shown.';
  }
}

const ALWAYS = [
  ['assert', assert],
  ['assert.strict', assert.strict],
  ['assert.AssertionError.prototype', assert.AssertionError.prototype],
  ['EventEmitter.prototype', EventEmitter.prototype],
  ['Object', Object],
  ['Reflect', Reflect],
];

/** Ends the process once all is told, before code that was left to run later can say more. */
function leave(tell) {
  tell({ __proto__: null, t: 'done' });
  process.reallyExit(0);
}

const mochaName = (test) => test.titlePath().join(' > ');

async function runMocha({ files, caseTimeoutMs }, tell) {
  const loaded = require('mocha');
  const Mocha = loaded.default ?? loaded;
  const { Runner, Runnable, Test, Suite, Hook, Context } = Mocha;
  const classes = Object.entries({ Runner, Runnable, Test, Suite, Hook, Context });
  const changed = watch([...ALWAYS, ...classes.map(([name, one]) => [`Mocha.${name}`, one.prototype])]);
  const tellCase = teller(tell, changed);
  const end = leave.bind(null, tell);
  const running = new Set();
  class Reporter {
    constructor(runner) {
      runner.on('test', (test) => {
        running.add(test);
        tell({ __proto__: null, t: 'start', name: mochaName(test) });
      });
      runner.on('pass', (test) => tellCase(mochaName(test), test.title, 'passed'));
      runner.on('fail', (test, error) => {
        if (test.type !== 'hook') tellCase(mochaName(test), test.title, 'failed', describeError(error));
        else tell({ __proto__: null, t: 'fault', message: `${test.title}: ${describeError(error)}` });
      });
      // What skips itself while it runs may do so at the word of the submission.
      runner.on('pending', (test) =>
        running.has(test)
          ? tellCase(mochaName(test), test.title, 'failed', 'It was skipped while it ran.')
          : tellCase(mochaName(test), test.title, 'skipped'),
      );
    }
  }
  const mocha = new Mocha({ ui: 'bdd', timeout: caseTimeoutMs, reporter: Reporter });
  for (const file of files) mocha.addFile(`${BOX}/${file}`);
  await mocha.loadFilesAsync();
  mocha.run(end);
}

async function runJest({ files, ours, settings, caseTimeoutMs }, tell) {
  const { runCLI } = require('jest');
  const given = settings === null ? {} : await settingsOf(settings);
  process[Symbol.for('assay.jest')] = {
    tellCase: teller(tell, watch(ALWAYS)),
    tell,
    describeError: (text) => text,
  };
  // The settings of Babel are code that runs beside the framework: only those of the document are read.
  const babel = ours.find((path) => /^babel\.config\.(?:js|cjs|json)$/.test(path));
  const configFile = babel === undefined ? false : `${BOX}/${babel}`;
  const config = {
    transform: { '\\.[cm]?[jt]sx?$': [require.resolve('babel-jest'), { configFile, babelrc: false }] },
    ...given,
    rootDir: BOX,
    roots: [BOX],
    testMatch: files.map((file) => `${BOX}/${file}`),
    testTimeout: caseTimeoutMs,
    cacheDirectory: '/tmp/jest',
    reporters: [`${GRADER}/unit-jest-reporter.cjs`],
    setupFilesAfterEnv: [`${GRADER}/unit-jest-setup.cjs`, ...(given.setupFilesAfterEnv ?? [])],
  };
  delete config.testRegex;
  delete config.projects;
  const end = leave.bind(null, tell);
  await runCLI(
    { _: [], $0: 'jest', config: JSON.stringify(config), runInBand: true, ci: true, watchman: false, cache: false },
    [BOX],
  );
  end();
}

/** The titles of a test of vitest and of what it stands in. */
function pathOf(test) {
  const names = [];
  for (let one = test; one !== undefined && one.type !== 'module'; one = one.parent) names.unshift(one.name);
  return names.join(' > ');
}

async function runVitest({ files, settings, caseTimeoutMs }, tell) {
  const { startVitest } = await import(import.meta.resolve('vitest/node', `file://${BOX}/`));
  const tellCase = teller(tell, watch(ALWAYS));
  const given = settings === null ? {} : await settingsOf(settings);
  // Tests run in a thread, which tells of them in lots. What it says at once counts where it is stopped before it sends the next.
  const told = new Set();
  const name = randomUUID();
  process.env.ASSAY_CHANNEL = name;
  const channel = new BroadcastChannel(name);
  // oxlint-disable-next-line unicorn/prefer-add-event-listener
  channel.onmessage = ({ data: { id, path, title, state, message } }) => {
    if (told.has(id)) return;
    told.add(id);
    tellCase(path, title, state === 'pass' ? 'passed' : 'failed', message);
  };
  const faults = (errors) => {
    for (const error of errors) tell({ __proto__: null, t: 'fault', message: describeError(error) });
  };
  const reporter = {
    onTestCaseReady: (test) => tell({ __proto__: null, t: 'start', name: pathOf(test) }),
    onTestCaseResult: (test) => {
      if (told.has(test.id)) return;
      told.add(test.id);
      const { state, errors = [], note } = test.result();
      const isMarked = test.options.mode === 'skip' || test.options.mode === 'todo';
      const [outcome, message] =
        state === 'skipped' && !isMarked
          ? ['failed', `It was skipped while it ran. ${note ?? ''}`]
          : [state, errors.map(describeError).join('\n')];
      tellCase(pathOf(test), test.name, outcome, message);
    },
    onTestModuleEnd: (module) => faults(module.errors()),
    onTestRunEnd: (_modules, errors) => faults(errors),
  };
  const end = leave.bind(null, tell);
  const vitest = await startVitest(
    'test',
    [],
    {
      ...given.test,
      root: BOX,
      config: false,
      include: files,
      watch: false,
      reporters: [reporter],
      setupFiles: [`${GRADER}/unit-vitest-setup.mjs`, ...[given.test?.setupFiles ?? []].flat()],
      pool: 'threads',
      maxWorkers: 1,
      fileParallelism: false,
      testTimeout: caseTimeoutMs,
      hookTimeout: caseTimeoutMs,
      coverage: { enabled: false },
      api: false,
      passWithNoTests: true,
    },
    { cacheDir: '/tmp/vitest', server: { fs: { strict: false } } },
  );
  void vitest;
  end();
}

/** The settings that the document brings, which run as the instructor's code. */
async function settingsOf(path) {
  const loaded = path.endsWith('.json') ? require(`${BOX}/${path}`) : (await import(`${BOX}/${path}`)).default;
  return typeof loaded === 'function' ? loaded({}) : loaded;
}

async function runNodeTest({ files }, tell) {
  const { claim } = await import('./unit-node-reporter.mjs');
  const { beforeEach } = await import('node:test');
  const { setImmediate: later } = globalThis;
  claim({ tell, tellCase: teller(tell, watch(ALWAYS)), describeError, end: leave.bind(null, tell) });
  // Lets the reporter tell of one case before the next, which may never give the floor back.
  beforeEach(async () => {
    for (let turn = 0; turn < 3; turn += 1) await new Promise((resolve) => later(resolve));
  });
  for (const file of files) await import(`${BOX}/${file}`);
}

const RUNS = { 'node-test': runNodeTest, mocha: runMocha, jest: runJest, vitest: runVitest };
const PACKAGES = {
  'node-test': 'node:test',
  mocha: 'mocha/package.json',
  jest: 'jest/package.json',
  vitest: 'vitest/package.json',
};

async function main() {
  const { key, ...task } = JSON.parse(fs.readFileSync(0, 'utf8'));
  // The standard input could be read again from its start, and the descriptor 3 is where everybody would look.
  fs.closeSync(0);
  fs.openSync('/dev/null', 'r');
  const descriptor = fs.openSync('/proc/self/fd/3', 'w');
  fs.closeSync(3);
  fs.openSync('/dev/null', 'r+');
  const tell = openReport(Buffer.from(key, 'hex'), descriptor);
  try {
    require.resolve(PACKAGES[task.framework]);
  } catch {
    tell({ __proto__: null, t: 'missing', message: task.framework });
    return;
  }
  tell({ __proto__: null, t: 'begin' });
  process.chdir(BOX);
  process.argv.length = 2;
  try {
    await RUNS[task.framework](task, tell);
  } catch (error) {
    tell({ __proto__: null, t: 'fault', message: describeError(error) });
    leave(tell);
  }
}

await main();
