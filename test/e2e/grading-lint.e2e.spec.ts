import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Classroom, type ShownSubmission } from '../support/classroom.js';
import { documentedBlock, documentedDocument } from '../support/documented.js';
import { startTestApp, type TestApp } from '../support/test-app.js';

const CLEAN_PYTHON = '"""Adds."""\n\n\ndef add(a, b):\n    """Add two numbers."""\n    return a + b\n';
/** E225, E231, E302, W291, and no docstrings. */
const UGLY_PYTHON = 'def add(a,b):\n    return a+b \nx= 1\ndef sub(a, b):\n    return a - b\n';

const lint = (test: object, document: object = {}): object => ({
  runtime: 'python',
  tests: [{ kind: 'lint', name: 'style', points: 4, ...test }],
  ...document,
});

/** Where no other is meant, the page of the documentation is what is tested. */
const PAGE = 'grading-lint.md';

const messageOf = ({ tests }: ShownSubmission): string => tests[0]?.message ?? '';

describe('tests of the kind lint', () => {
  let app: TestApp;
  let classroom: Classroom;

  beforeAll(async () => {
    app = await startTestApp();
    classroom = await Classroom.open(app);
  });
  afterAll(() => app.close());

  const grade = (grading: object, files: Record<string, string>): Promise<ShownSubmission> =>
    classroom.grade(grading, { files });

  it('give all points to clean Python and take off what findings cost', async () => {
    const style = { tool: 'pycodestyle' };
    const clean = await grade(lint(style), { 'main.py': CLEAN_PYTHON });
    expect(clean, messageOf(clean)).toMatchObject({ verdict: 'accepted', score: 4 });
    expect(clean.tests[0]).toMatchObject({ kind: 'lint', message: null, stdout: null });
    const ugly = await grade(lint(style), { 'main.py': UGLY_PYTHON, 'notes.txt': 'a \n' });
    expect(ugly).toMatchObject({ verdict: 'wrong_answer', score: 0 });
    expect(messageOf(ugly).split('\n').slice(1)).toEqual([
      "main.py:1:10 E231 missing whitespace after ','",
      'main.py:2:15 W291 trailing whitespace',
      'main.py:3:1 E305 expected 2 blank lines after class or function definition, found 0',
      'main.py:3:2 E225 missing whitespace around operator',
      'main.py:4:1 E302 expected 2 blank lines, found 0',
    ]);
    const deductions = [
      { match: 'E30*', points: 1, max: 1.5 },
      { match: 'E2*', points: 0.25 },
    ];
    const partly = await grade(lint({ ...style, deductions }), { 'main.py': UGLY_PYTHON });
    expect(partly, messageOf(partly)).toMatchObject({ verdict: 'wrong_answer', score: 2 });
    expect(messageOf(partly)).toContain('Noted, without a cost:\nmain.py:2:15 W291');
  });

  it('do what their documentation says', async () => {
    const example = await grade(documentedDocument(PAGE), { 'main.py': documentedBlock(PAGE, 'python') });
    expect(example).toMatchObject({ verdict: 'wrong_answer', score: 2.75, maxScore: 4 });
    expect(messageOf(example)).toBe(documentedBlock(PAGE, 'text').trimEnd());
  });

  it('look at what was handed in: no comment, configuration or build of the student changes anything', async () => {
    const files = {
      'main.py': `${UGLY_PYTHON}y = x == None  # noqa\n`,
      'setup.cfg': '[pycodestyle]\nignore = E,W\n',
      'tox.ini': '[pycodestyle]\nignore = E,W\n',
      'pycodestyle.py': 'import os\nos._exit(0)\n',
      'json.py': 'raise SystemExit\n',
      Makefile: 'all:\n\techo > main.py\n',
    };
    const hostile = await grade(lint({ tool: 'pycodestyle', paths: ['main.py'] }, { build: { run: 'make' } }), files);
    expect(hostile, messageOf(hostile)).toMatchObject({ verdict: 'wrong_answer', score: 0 });
    expect(messageOf(hostile)).toMatch(/^7 findings; 0 of 4 points/);
    expect(messageOf(hostile)).toContain('main.py:6:7 E711');
    const allowed = await grade(lint({ tool: 'pycodestyle', paths: ['main.py'], inlineDisable: true }), files);
    expect(messageOf(allowed)).toMatch(/^6 findings/);
  });

  it('give nothing for what cannot be checked, whatever the floor', async () => {
    const grading = lint({ tool: 'pycodestyle', floor: 2, deductions: [{ match: 'E5*', points: 1 }] });
    const broken = await grade(grading, { 'main.py': 'def f(:\n' });
    expect(broken).toMatchObject({ verdict: 'wrong_answer', score: 0 });
    expect(messageOf(broken)).toContain('main.py:1:7 syntax-error SyntaxError: invalid syntax');
    const deep = await grade(grading, { 'main.py': `x = ${'('.repeat(100_000)}\n` });
    expect(deep, messageOf(deep)).toMatchObject({ verdict: 'wrong_answer', score: 0 });
    const unary = await grade(grading, { 'main.py': `x = ${'-'.repeat(200_000)}1\n` });
    expect(unary.score, messageOf(unary)).toBe(0);
    const none = await grade(grading, { 'main.txt': 'x' });
    expect(none).toMatchObject({ verdict: 'wrong_answer', score: 0 });
    expect(messageOf(none)).toContain('**/*.py no-file');
    const many = await grade(grading, { 'main.py': 'x=1\n'.repeat(20_000) });
    expect(many, messageOf(many)).toMatchObject({ verdict: 'wrong_answer', score: 2 });
  });

  it('ask for docstrings', async () => {
    const docstrings = lint({ tool: 'docstrings', deductions: [{ match: '*', points: 0.5 }] });
    const clean = await grade(docstrings, { 'main.py': CLEAN_PYTHON });
    expect(clean, messageOf(clean)).toMatchObject({ verdict: 'accepted', score: 4 });
    const bare = await grade(docstrings, {
      'main.py': `${UGLY_PYTHON}\n\ndef _private():\n    def inner():\n        pass\n`,
    });
    expect(bare, messageOf(bare)).toMatchObject({ verdict: 'wrong_answer', score: 2.5 });
    expect(messageOf(bare).split('\n').slice(1)).toEqual([
      'main.py:1:1 D100 Missing docstring in public module',
      'main.py:1:1 D103 Missing docstring in public function add',
      'main.py:4:1 D103 Missing docstring in public function sub',
    ]);
  });

  it('check shell scripts, with no regard to their comments and their .shellcheckrc', async () => {
    const grading = lint({ tool: 'shellcheck', deductions: [{ match: 'SC2086', points: 1 }] });
    const clean = await grade(grading, { 'a b.sh': '#!/bin/sh\necho "$1"\n' });
    expect(clean, messageOf(clean)).toMatchObject({ verdict: 'accepted', score: 4 });
    const unquoted = await grade(grading, {
      'a b.sh': '#!/bin/sh\n# shellcheck disable=SC2086\necho $1\n',
      'lib/c.bash': 'echo $1\n',
      '.shellcheckrc': 'disable=all\n',
    });
    expect(unquoted, messageOf(unquoted)).toMatchObject({ verdict: 'wrong_answer', score: 2 });
    expect(messageOf(unquoted)).toContain('a b.sh:3:6 SC2086 Double quote to prevent globbing and word splitting.');
    expect(messageOf(unquoted)).toContain('lib/c.bash:1:6 SC2086');
    for (const script of ['#!/bin/sh\nif true; then\n', '#!/usr/bin/python3\nprint(1)\n']) {
      const broken = await grade(grading, { 'a.sh': script });
      expect(broken, messageOf(broken)).toMatchObject({ verdict: 'wrong_answer', score: 0 });
    }
  });

  it('check JavaScript, with the configuration of the document and no other', async () => {
    const files = {
      'main.js': '/* eslint-disable */\nvar unused = 1;\n',
      'eslint.config.js': 'process.exit(0);\n',
      'package.json': '{"type": "module"}',
    };
    const ugly = await grade(lint({ tool: 'eslint', paths: ['main.js'] }, { runtime: 'node' }), files);
    expect(ugly, messageOf(ugly)).toMatchObject({ verdict: 'wrong_answer', score: 0 });
    expect(messageOf(ugly)).toContain("main.js:2:5 no-unused-vars 'unused' is assigned a value but never used.");
    const clean = await grade(lint({ tool: 'eslint' }, { runtime: 'node' }), {
      'main.js': "const fs = require('node:fs');\nconsole.log(fs.existsSync(__filename));\n",
      'lib.js': 'export const one = process.argv.length;\n',
    });
    expect(clean, messageOf(clean)).toMatchObject({ verdict: 'accepted', score: 4 });
    const config = 'export default [{ rules: { "no-var": "error" } }];\n';
    const own = { tool: 'eslint', paths: ['main.js'], config: 'eslint.config.mjs', rules: { eqeqeq: 'error' } };
    const document = { runtime: 'node', files: [{ path: 'eslint.config.mjs', content: config, hidden: true }] };
    const configured = await grade(lint(own, document), { 'main.js': 'var a = 1 == 2;\n' });
    expect(messageOf(configured).split('\n').slice(1)).toEqual([
      'main.js:1:1 no-var Unexpected var, use let or const instead.',
      "main.js:1:11 eqeqeq Expected '===' and instead saw '=='.",
    ]);
    const broken = await grade(lint(own, document), { 'main.js': 'let = ;\n' });
    expect(broken, messageOf(broken)).toMatchObject({ verdict: 'wrong_answer', score: 0 });
    expect(messageOf(broken)).toContain('syntax-error Parsing error');
  });

  it('ask for files, and look into Dockerfiles', async () => {
    const files = {
      required: ['README.md', 'src/**/*.py'],
      forbidden: ['**/*.pyc'],
      shebang: ['run.sh'],
      executable: ['run.sh'],
      finalNewline: ['**/*.py'],
    };
    const grading = lint({ tool: 'files', files, deductions: [{ match: '*', points: 0.5 }], floor: 1 });
    const untidy = await grade(grading, { 'src/a/b.py': 'x = 1', 'run.sh': 'echo\n', 'src/x.pyc': '' });
    expect(untidy, messageOf(untidy)).toMatchObject({ verdict: 'wrong_answer', score: 1.5 });
    expect(messageOf(untidy).match(/ (required-file|forbidden-file|shebang|executable|final-newline) /g)).toHaveLength(
      5,
    );
    const image = { Dockerfile: 'FROM node\nRUN apt-get install curl\nADD https://x.test/a /a\nCMD node app.js\n' };
    const loose = await grade(lint({ tool: 'dockerfile' }), image);
    expect(messageOf(loose).match(/ (base-tag|root-user|add-url|apt-lists|apt-yes|exec-form) /g)).toHaveLength(6);
    const tidy = 'FROM node:24-slim\nWORKDIR /app\nCOPY . .\nUSER node\nCMD ["node", "app.js"]\n';
    expect(await grade(lint({ tool: 'dockerfile' }), { Dockerfile: tidy })).toMatchObject({ score: 4 });
  });
});
