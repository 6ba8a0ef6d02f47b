import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { detectRuntimes } from '../../src/sandbox/runtimes.js';
import { Classroom } from '../support/classroom.js';
import { readStudentPrograms } from '../support/student-programs.mjs';
import { e2eBackend, startTestApp, type TestApp } from '../support/test-app.js';
import { waitFor } from '../support/wait-for.js';

const programs = readStudentPrograms();

/** What a verdict is does not depend on the database: where it is not SQLite, one program of each verdict will do. */
const chosen =
  e2eBackend() === 'sqlite'
    ? programs
    : programs.filter(({ verdict }, index) => programs.findIndex((other) => other.verdict === verdict) === index);

describe('every program in test/programs gets the verdict of its folder', () => {
  let app: TestApp;
  let classroom: Classroom;

  let hasCgroups: boolean;

  beforeAll(async () => {
    app = await startTestApp();
    classroom = await Classroom.open(app);
    hasCgroups = await waitFor(async () => {
      const { token } = classroom.student;
      const { body } = await app.request<{ sandbox: { driver: string; holds: Record<string, unknown> } }>(
        'GET',
        '/runtimes',
        { token },
      );
      return body.sandbox.driver === 'none' ? null : { yes: body.sandbox.holds['cgroup'] !== 'none' };
    }).then(({ yes }) => yes);
  });
  afterAll(() => app.close());

  it.concurrent.for(chosen)('$name', async (program, context) => {
    const { verdict, runtime, limits, answer } = program;
    const found = (await detectRuntimes()).find(({ key }) => key === runtime);
    // Which runtimes there are, GET /runtimes tells, and another test holds it to the truth.
    if (found?.available !== true) return;
    if (program.needsCgroup && !hasCgroups) context.skip();
    const { cpuTimeMs: timeMs, wallTimeMs: wallMs, ...others } = limits;
    const ended = await classroom.grade(
      {
        runtime,
        limits: { timeMs, wallMs, ...others },
        ...(found.build === null ? {} : { build: { run: found.build, timeMs: program.buildTimeMs } }),
        tests: [
          {
            kind: 'program',
            name: 'runs',
            points: 1,
            stdin: program.stdin,
            expect: answer === null ? {} : { stdout: answer, compare: 'exact' },
          },
        ],
      },
      { files: Object.fromEntries(program.files.map(({ path, content }) => [path, content])) },
    );
    expect(ended, JSON.stringify(ended.tests)).toMatchObject({ status: 'graded', verdict });
    expect(ended.tests.map((test) => test.verdict)).toEqual([verdict === 'compile_error' ? 'skipped' : verdict]);
    expect(ended.score).toBe(verdict === 'accepted' ? 1 : 0);
  });
});
