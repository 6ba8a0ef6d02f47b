import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import type { RunOutcome } from '../../src/sandbox/run-outcome.js';
import type { Sandbox } from '../../src/sandbox/sandbox.js';
import { readStudentPrograms, type StudentProgram } from '../support/student-programs.mjs';
import { withRoomForTime } from '../support/test-kernel.js';
import {
  createForkingSandbox,
  endOf,
  errors,
  file,
  inSession,
  scriptStep,
  text,
  type Way,
} from './fork-server-ways.js';
import { isExpected } from './student-programs.js';

let sandbox: Sandbox;

beforeAll(async () => {
  sandbox = await createForkingSandbox();
});
afterAll(() => sandbox.shutDown());

const waits = ({ outcome }: StudentProgram): boolean => outcome === 'wall_limit';

const isAboutLimits = ({ outcome }: StudentProgram): boolean => /_limit\b/.test(outcome ?? '');

/** One run of the program, held to what its first comment says. */
async function run(program: StudentProgram, way: Way): Promise<RunOutcome> {
  const outcome = await inSession(sandbox, way, async (session) => {
    await session.put(program.files.map(({ path, content }) => file(path, content)));
    const limits = isAboutLimits(program) ? program.limits : withRoomForTime(program.limits);
    return session.run(await scriptStep({ stdin: program.stdin, limits }));
  });
  const told = `${way}: ${endOf(outcome)}\n${errors(outcome).slice(0, 2_000)}`;
  expect(isExpected(program.outcome ?? '', outcome), told).toBe(true);
  if (program.stdout !== null) expect(text(outcome), told).toBe(program.stdout);
  return outcome;
}

async function compare(program: StudentProgram): Promise<void> {
  const [executed, forked] = [await run(program, 'executed'), await run(program, 'forked')];
  // How far one comes until a limit is met depends on the machine.
  if (isAboutLimits(program)) return;
  expect({ end: endOf(forked), stdout: text(forked), stderr: errors(forked) }).toEqual({
    end: endOf(executed),
    stdout: text(executed),
    stderr: errors(executed),
  });
}

/** Those that wait for the elapsed limit do so side by side. */
describe('a program of test/programs/ in Python says and gets the same, executed or forked', () => {
  const programs = readStudentPrograms().filter(({ runtime, build }) => runtime === 'python' && build === null);

  it.for(programs.filter((program) => !waits(program)))('$name', (program) => compare(program));

  it.concurrent.for(programs.filter(waits))('$name, side by side', (program) => compare(program));
});
