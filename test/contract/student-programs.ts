import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import type { RunLimits } from '../../src/sandbox/limits.js';
import type { RunOutcome } from '../../src/sandbox/run-outcome.js';
import { detectRuntimes, type Runtime } from '../../src/sandbox/runtimes.js';
import type { Sandbox, SandboxCapabilities, SandboxSession } from '../../src/sandbox/sandbox.js';
import { readStudentPrograms, type StudentProgram } from '../support/student-programs.mjs';
import { withRoomForTime } from '../support/test-kernel.js';
import { waitFor } from '../support/wait-for.js';
import type { SandboxAdapter } from './sandbox-adapters.js';
import { programsOf, scratchFilesOf, strayProcesses, tracesOf, type Traces } from './sandbox-traces.js';

/** As test/programs/README.md says. */
const BUILD_LIMITS = { wallTimeMs: 40_000, memoryMiB: 512, processes: 128, outputKiB: 64, diskMiB: 64 };

/** The end in the words of a header: `exited 0`, `signalled SIGSEGV`, `cpu_limit`. */
function describeEnd(outcome: RunOutcome): string {
  return [outcome.kind, outcome.exitCode ?? outcome.signal].filter((part) => part !== null).join(' ');
}

/** Whether an end is the expected one: in full, or as one of several kinds, where `exited` is with any status but 0. */
export function isExpected(expected: string, outcome: RunOutcome): boolean {
  const words = expected.split(' ');
  if (!words.every((word) => word === 'exited' || word.endsWith('_limit'))) return describeEnd(outcome) === expected;
  return words.includes(outcome.kind) && outcome.exitCode !== 0;
}

/** Whether a program may end for its time, so that a slow machine must not give it more. */
function isAboutTime(expected: string | null): boolean {
  return /\b(?:cpu|wall)_limit\b/.test(expected ?? '');
}

/** What to read when a test fails. */
function report(what: string, outcome: RunOutcome): string {
  return `${what}: ${describeEnd(outcome)} ${outcome.reason ?? ''}\n${outcome.stderr.toString('utf8').slice(0, 2_000)}`;
}

/** Every fault found with one run of a program: none when it did what its header says. */
async function runOnce(session: SandboxSession, program: StudentProgram, runtime: Runtime): Promise<readonly string[]> {
  const limits = isAboutTime(program.outcome) ? program.limits : withRoomForTime(program.limits);
  const outcome = await session.run({
    argv: runtime.command(null, [], limits),
    stdin: Buffer.from(program.stdin),
    environment: {},
    limits,
  });
  const said = outcome.stdout.toString('utf8');
  return [
    ...(program.stdout === null || said === program.stdout
      ? []
      : [report(`it said ${JSON.stringify(said).slice(0, 2_000)}`, outcome)]),
    ...(isExpected(program.outcome ?? '', outcome) ? [] : [report('it ended', outcome)]),
  ];
}

async function build(session: SandboxSession, program: StudentProgram, command: string): Promise<readonly string[]> {
  const given: RunLimits = { ...BUILD_LIMITS, cpuTimeMs: program.buildTimeMs };
  const limits = isAboutTime(program.build) ? given : withRoomForTime(given);
  const outcome = await session.run({
    argv: ['/bin/sh', '-c', command],
    stdin: Buffer.alloc(0),
    environment: {},
    limits,
    keepFiles: true,
  });
  return isExpected(program.build ?? 'exited 0', outcome) ? [] : [report('the build', outcome)];
}

/** One time of two: a build that ends well is for both. */
async function tryOnce(
  session: SandboxSession,
  program: StudentProgram,
  runtime: Runtime,
  isFirst: boolean,
): Promise<readonly string[]> {
  if (runtime.build !== null && (isFirst || program.build !== null)) {
    const faults = await build(session, program, runtime.build);
    if (faults.length > 0 || program.build !== null) return faults;
  }
  return runOnce(session, program, runtime);
}

const PROGRAMS = readStudentPrograms();

/** A program that does nothing until the limit of elapsed time can wait beside others. */
function waits({ outcome }: StudentProgram): boolean {
  return outcome === 'wall_limit';
}

/** What a runtime keeps of a container that stands, as lanes do; that it goes with the sandbox is looked at in the end. */
const OF_A_CONTAINER = /\/private\/(?:crun|runc|runsc)\/(?:bundles|states)\//;

/**
 * Holds every program of test/programs/ to its header in one sandbox: twice in a row in one session, then audited. Programs
 * that wait for the elapsed limit do so side by side.
 */
export function describeStudentPrograms({ name, create }: SandboxAdapter): void {
  describe(`programs in the ${name} sandbox`, () => {
    let untouched: Traces;
    let sandbox: Sandbox;
    let capabilities: SandboxCapabilities;
    let runtimes: readonly Runtime[];
    let scratchFiles: readonly string[];

    beforeAll(async () => {
      runtimes = await detectRuntimes();
      untouched = tracesOf();
      sandbox = create();
      capabilities = await sandbox.probe();
      if (!capabilities.usable) throw new Error(capabilities.reason ?? 'not usable');
      scratchFiles = scratchFilesOf();
    });

    afterAll(async () => {
      await sandbox.shutDown();
    });

    /** What is on the machine that is no part of a sandbox at rest. Ended processes take a moment to be taken away. */
    async function findRemains(): Promise<readonly string[]> {
      await waitFor(() => strayProcesses(capabilities).length === 0, { timeoutMs: 10_000 }).catch(() => undefined);
      return [
        ...[...programsOf(), ...strayProcesses(capabilities)].map((process) => `left behind: process ${process}`),
        ...tracesOf().mounts.map((mount) => `left behind: mount ${mount}`),
        ...scratchFilesOf()
          .filter((file) => !scratchFiles.includes(file) && !OF_A_CONTAINER.test(file))
          .map((file) => `left behind: file ${file}`),
      ];
    }

    /** Every fault found with a program, the first time or the second; null where this machine cannot run it. */
    async function faultsOf(program: StudentProgram, isAlone: boolean): Promise<readonly string[] | null> {
      const runtime = runtimes.find((candidate) => candidate.key === program.runtime);
      const lacksCgroup = program.needsCgroup && capabilities.cgroup === 'none';
      if (runtime === undefined || !runtime.available || lacksCgroup) return null;
      const faults: string[] = [];
      // As graders ask for it: where the sandbox has a fork server for the language, the programs are copies of it.
      const forkServer = runtime.defaultEntrypoint === null ? null : { entrypoint: runtime.defaultEntrypoint };
      const session = await sandbox.open({ runtime: runtime.key, network: 'none', forkServer });
      try {
        await session.put(program.files.map(({ path, content }) => ({ path, content: Buffer.from(content) })));
        for (const time of ['first', 'second']) {
          const found = await tryOnce(session, program, runtime, time === 'first');
          const left = isAlone ? programsOf().map((process) => `left behind: process ${process}`) : [];
          faults.push(...[...found, ...left].map((fault) => `the ${time} time: ${fault}`));
        }
      } finally {
        await session.close();
      }
      return isAlone ? [...faults, ...(await findRemains())] : faults;
    }

    it.for(PROGRAMS.filter((program) => !waits(program)))('$name', async (program, context) => {
      const faults = await faultsOf(program, true);
      if (faults === null) context.skip();
      expect(faults).toEqual([]);
    });

    it.concurrent.for(PROGRAMS.filter(waits))('$name', async (program, context) => {
      const faults = await faultsOf(program, false);
      if (faults === null) context.skip();
      expect(faults).toEqual([]);
    });

    it('leaves nothing of those that waited', async () => {
      expect(await findRemains()).toEqual([]);
    });

    it('leaves nothing at all after its end', async () => {
      await sandbox.shutDown();
      expect(tracesOf()).toEqual(untouched);
    });
  });
}
