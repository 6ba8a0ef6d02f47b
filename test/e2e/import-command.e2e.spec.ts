import { mkdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { importPackages } from '../../scripts/lib/import-packages.mjs';
import { Classroom } from '../support/classroom.js';
import { createTemporaryFolder, type TemporaryFolder } from '../support/temporary-folder.js';
import { startTestApp, type TestApp } from '../support/test-app.js';

let app: TestApp;
let room: Classroom;
let folder: TemporaryFolder;

beforeAll(async () => {
  app = await startTestApp();
  room = await Classroom.open(app);
  folder = await createTemporaryFolder();
});

afterAll(async () => {
  await app?.close();
  await folder?.remove();
});

async function write(name: string, files: Readonly<Record<string, string>>): Promise<string> {
  for (const [path, content] of Object.entries(files)) {
    const file = join(folder.path, name, path);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, content);
  }
  return join(folder.path, name);
}

/** Runs `npm run import` as far as it is ours. */
async function command(...args: string[]) {
  const written = { stdout: '', stderr: '' };
  const sink = (name: keyof typeof written) => ({ write: (text: string) => (written[name] += text) });
  const status = await importPackages(
    [...args, '--course', room.courseId, '--url', app.url],
    { ASSAY_TOKEN: room.instructor.token },
    { stdout: sink('stdout'), stderr: sink('stderr') },
  );
  return { status, ...written, id: /is the draft (\S+)/.exec(written.stdout)?.[1] ?? '' };
}

const ECHO = {
  'problem.yaml':
    'problem_format_version: 2023-07-draft\ntype: scoring\nname: {en: Odd Echo}\nlimits: {time_limit: 2, code: 1}\n',
  'data/testdata.yaml': 'on_reject: continue\ngrader_flags: ignore_sample\n',
  'data/sample/1.in': '3\na\nb\nc\n',
  'data/sample/1.ans': 'a\nc\n',
  'data/secret/testdata.yaml': 'grader_flags: accept_if_any_accepted\n',
  'data/secret/one/testdata.yaml': 'on_reject: break\naccept_score: 40\ngrader_flags: min\n',
  'data/secret/one/1.in': '1\na\n',
  'data/secret/one/1.ans': 'a\n',
  'data/secret/two/testdata.yaml': 'on_reject: break\naccept_score: 60\ngrader_flags: min\n',
  'data/secret/two/2.in': '3\nx\ny\nz\n',
  'data/secret/two/2.ans': 'x\nz\n',
  'submissions/accepted/echo.py':
    'n = int(input())\nfor i in range(n):\n    w = input()\n    if i % 2 == 0: print(w)\n',
  'submissions/accepted/echo.c':
    '#include <stdio.h>\nint main(void) { int n; char w[99]; scanf("%d", &n); for (int i = 0; i < n; i++) { scanf("%98s", w); if (i % 2 == 0) puts(w); } }\n',
  'submissions/partially_accepted/first.py': 'input()\nprint(input())\n',
  'submissions/wrong_answer/nothing.py': 'pass\n',
};

it('imports a Kattis package with its links, waits for its proof and publishes it', { timeout: 180_000 }, async () => {
  const path = await write('oddecho', ECHO);
  await symlink('../one/1.in', join(path, 'data/secret/two/1.in'));
  await symlink('../one/1.ans', join(path, 'data/secret/two/1.ans'));
  const { status, stdout, stderr } = await command(path, '--status', 'published');
  expect([status, stderr]).toEqual([0, '']);
  expect(stdout).toContain('"Odd Echo", 100 points');
  expect(stdout).toContain('warning: problem.yaml#/limits/code: has no counterpart');
  expect(stdout).toContain('4 of 4 model submissions are graded as they should be\n  published');
});

/** A validator that talks with submissions, gives points for few guesses, and is made by a script. */
const GUESS = {
  'problem.yaml': 'name: Guess\ntype: scoring\nvalidation: custom interactive score\nlimits: {time_limit: 2}\n',
  'data/secret/testdata.yaml': 'range: 0 100\ngrader_flags: min\n',
  'data/secret/1.in': '42\n',
  'data/secret/1.ans': '',
  'output_validators/guess/build':
    '#!/bin/sh\nprintf \'#!/bin/sh\\nexec python3 guess.py "$@"\\n\' > run\nchmod +x run\n',
  'output_validators/guess/guess.py': `import sys
secret = int(open(sys.argv[1]).read())
for turn in range(10):
    guess = int(input())
    print('right' if guess == secret else 'lower' if guess > secret else 'higher', flush=True)
    if guess == secret:
        open(sys.argv[3] + 'score.txt', 'w').write(str(100 if turn < 7 else 50))
        sys.exit(42)
sys.exit(43)
`,
  'submissions/accepted/half.py':
    "low, high = 1, 100\nsaid = ''\nwhile said != 'right':\n    guess = (low + high) // 2\n    print(guess, flush=True)\n    said = input()\n    if said == 'lower': high = guess - 1\n    else: low = guess + 1\n",
  'submissions/partially_accepted/down.py':
    "guess = 51\nprint(guess, flush=True)\nwhile input() != 'right':\n    guess -= 1\n    print(guess, flush=True)\n",
  'submissions/wrong_answer/one.py': 'for _ in range(10):\n    print(1, flush=True)\n    input()\n',
};

it('says what differs, goes on with others, and where it was broken off', { timeout: 240_000 }, async () => {
  const path = await write('wrong', { ...ECHO, 'submissions/accepted/bad.py': 'print(1)\n' });
  const guess = await write('guess', GUESS);
  await symlink('/etc/hostname', join(folder.path, 'wrong-link'));
  const report = join(folder.path, 'report.json');
  const all = [path, join(folder.path, 'nothing'), guess, '--status', 'published', '--json', report];
  const { status, stdout, stderr } = await command(...all);
  expect(status).toBe(1);
  expect(stdout).toContain('differs: accepted/bad.py should be accepted, and is wrong_answer with 0 points');
  expect(stdout).toContain('stays a draft');
  expect(stdout).toContain('3 of 3 model submissions are graded as they should be\n  published');
  expect(stdout).toContain('1 of 3 packages imported and proved\nNot imported:\n');
  expect(stdout).toContain('7 of 8 model submissions (87.5 %) are graded as their packages say');
  expect(stderr).toContain('there is no such file or folder');
  const kept: unknown = JSON.parse(await readFile(report, 'utf8'));
  expect(kept).toMatchObject({ right: 7, total: 8, packages: [{ path }, { refusal: expect.any(String) }, {}] });
  const again = await command(...all);
  expect(again.stdout.match(/is in .* already/g)).toHaveLength(2);
  expect(again.stdout).toContain('7 of 8 model submissions');
  await symlink('/etc/hostname', join(path, 'data/secret/two/9.in'));
  expect((await command(path)).stderr).toContain('data/secret/two/9.in is a link that leads out of the package');
});

it('leaves out what makes and checks test data, wherever its links lead', { timeout: 120_000 }, async () => {
  const path = await write('linked', ECHO);
  await mkdir(join(path, 'input_validators'));
  await symlink('/etc/hostname', join(path, 'input_validators/shared.h'));
  const { stdout, stderr } = await command(path, '--no-verify');
  expect([stdout.includes('is the draft'), stderr]).toEqual([true, '']);
});

it('imports the tests of GitHub Classroom, which grade', { timeout: 120_000 }, async () => {
  const autograding = {
    tests: [
      { name: 'adds', run: 'python3 main.py', input: '1 2\n', output: '3', comparison: 'exact', timeout: 1, points: 2 },
      { name: 'compiles', run: 'python3 -m py_compile main.py', timeout: 1, points: 1 },
    ],
  };
  const path = await write('week-1', {
    '.github/classroom/autograding.json': JSON.stringify(autograding),
    'a.txt': '',
  });
  const { status, stdout, id } = await command(path, '--status', 'published', '--runtime', 'python');
  expect(status).toBe(0);
  expect(stdout).toContain('"week-1", 3 points');
  const { id: submissionId } = await room.submit(id, {
    files: { 'main.py': 'print(sum(map(int, input().split())))\n' },
  });
  expect(await room.ended(submissionId)).toMatchObject({ verdict: 'accepted', score: 3 });
});

/** Looks for everything where Gradescope has it. */
const GRADE = `import json, os
here = sorted(os.listdir("/autograder/submission"))
with open("/autograder/submission/main.py") as file: right = "return a + b" in file.read()
with open("/autograder/submission_metadata.json") as file: json.load(file)
with open("/autograder/source/answer.txt") as file: answer = file.read()
tests = [
    {"name": "adds", "score": 3 if right else 0, "max_score": 3},
    {"name": "alone", "score": 1, "max_score": 1, "output": " ".join(here) + " " + answer},
]
with open("/autograder/results/results.json", "w") as file: json.dump({"tests": tests}, file)
`;

it('imports an autograder of Gradescope, which finds what it looks for', { timeout: 120_000 }, async () => {
  const path = await write('adding', {
    run_autograder: '#!/usr/bin/env bash\nset -e\ncd /autograder/source\npython3 grade.py\n',
    'setup.sh': '#!/bin/bash\napt-get install -y python3-numpy\n',
    'grade.py': GRADE,
    'answer.txt': '42',
  });
  const { status, stdout, id } = await command(path, '--status', 'published');
  expect(status).toBe(0);
  expect(stdout).toContain('apt-get install -y python3-numpy');
  const hand = async (text: string) => {
    // The student's own files of the same names gain nothing.
    const files = { 'main.py': text, '.gradescope/results.json': '{"score": 100}', 'answer.txt': 'mine' };
    return room.ended((await room.submit(id, { files })).id);
  };
  const [right, wrong] = [
    await hand('def add(a, b):\n    return a + b\n'),
    await hand('def add(a, b):\n    return a\n'),
  ];
  expect(right).toMatchObject({ verdict: 'accepted', score: 100 });
  expect(wrong).toMatchObject({ verdict: 'wrong_answer', score: 25 });
  const seen = await room.look(right.id, room.instructor.token);
  expect(JSON.stringify(seen.tests)).toContain('answer.txt main.py 42');
});

it.each([
  [['x'], 'Name the --course'],
  [['--course', 'c'], 'Name at least one package'],
  [['x', '--course', 'c', '--status', 'archived'], '--status is draft or published'],
  [['x', '--course', 'c', '--format', 'moodle'], '--format is one of assay'],
  [['x', '--course', 'c', '--url', 'here'], '--url is where the server is'],
  [['x', '--course', 'c'], 'Who are you?'],
  [['x', '--course', 'c', '--password', 'p'], "Unknown option '--password'"],
])('says what is missing in %j', async (args, reason) => {
  const sink = { write: (): void => undefined };
  await expect(importPackages(args, {}, { stdout: sink, stderr: sink })).rejects.toThrow(reason);
});
