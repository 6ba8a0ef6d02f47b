import { readdirSync, readFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { detectRuntimes, type RuntimeKey } from '../../src/sandbox/runtimes.js';
import { Classroom } from '../support/classroom.js';
import { e2eBackend, startTestApp, type TestApp } from '../support/test-app.js';
import { waitFor } from '../support/wait-for.js';

const PROGRAMS = join(import.meta.dirname, '../programs');
const RUNTIMES: Readonly<Record<string, RuntimeKey>> = {
  '.py': 'python',
  '.js': 'node',
  '.sh': 'bash',
  '.c': 'c',
  '.cpp': 'cpp',
  '.java': 'java',
};
/** As test/programs/README.md says; a build gets what compilers need. */
const LIMITS = { timeMs: 1_000, wallMs: 3_000, memoryMiB: 256, processes: 64, outputKiB: 64, diskMiB: 16 };

interface Program {
  readonly verdict: string;
  readonly name: string;
  readonly runtime: RuntimeKey;
  readonly source: string;
  readonly header: ReadonlyMap<string, string>;
}

const programs: readonly Program[] = readdirSync(PROGRAMS, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .flatMap(({ name: verdict }) =>
    readdirSync(join(PROGRAMS, verdict)).flatMap((name) => {
      const runtime = RUNTIMES[extname(name)];
      if (runtime === undefined) return [];
      const source = readFileSync(join(PROGRAMS, verdict, name), 'utf8');
      const lines = source.matchAll(/^(?:#|\/\/|\/\*| \*) (\w+): (.*)$/gm);
      const header = new Map([...lines].map((match): [string, string] => [match[1] ?? '', match[2] ?? '']));
      return [{ verdict, name, runtime, source, header }];
    }),
  );

/** What a verdict is does not depend on the database: where it is not SQLite, one program of each verdict will do. */
const chosen =
  e2eBackend() === 'sqlite'
    ? programs
    : programs.filter(({ verdict }, index) => programs.findIndex((other) => other.verdict === verdict) === index);

const json = (text: string | undefined): string | undefined =>
  text === undefined ? undefined : String(JSON.parse(text));

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

  it.concurrent.for(chosen)('$verdict/$name', async (program, context) => {
    const { verdict, name, runtime, source, header } = program;
    const found = (await detectRuntimes()).find(({ key }) => key === runtime);
    // Which runtimes there are, GET /runtimes tells, and another test holds it to the truth.
    if (found?.available !== true) return;
    if (header.get('Needs') === 'cgroup' && !hasCgroups) context.skip();
    const stdout = json(header.get('Answer') ?? header.get('Stdout'));
    const ended = await classroom.grade(
      {
        runtime,
        limits: LIMITS,
        ...(found.build === null ? {} : { build: { run: found.build, timeMs: 20_000 } }),
        tests: [
          {
            kind: 'program',
            name: 'runs',
            points: 1,
            stdin: json(header.get('Stdin')) ?? '',
            expect: stdout === undefined ? {} : { stdout, compare: 'exact' },
            limits: JSON.parse(header.get('Limits') ?? '{}') as object,
          },
        ],
      },
      { files: { [runtime === 'java' ? 'Main.java' : `main${extname(name)}`]: source } },
    );
    expect(ended, JSON.stringify(ended.tests)).toMatchObject({ status: 'graded', verdict });
    expect(ended.score).toBe(verdict === 'accepted' ? 1 : 0);
  });
});
