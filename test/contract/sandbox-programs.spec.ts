import { readdirSync, readFileSync } from 'node:fs';
import { extname, join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import type { RunLimits } from '../../src/sandbox/limits.js';
import type { RunOutcome } from '../../src/sandbox/run-outcome.js';
import { detectRuntimes, type Runtime, type RuntimeKey } from '../../src/sandbox/runtimes.js';
import type { Sandbox, SandboxCapabilities } from '../../src/sandbox/sandbox.js';
import { SANDBOX_ADAPTERS } from './sandbox-adapters.js';
import { programsOf } from './sandbox-traces.js';

/** As test/programs/README.md says. */
const LIMITS: RunLimits = {
  cpuTimeMs: 1_000,
  wallTimeMs: 3_000,
  memoryMiB: 256,
  processes: 64,
  outputKiB: 64,
  diskMiB: 16,
};
const BUILD_LIMITS: RunLimits = { ...LIMITS, cpuTimeMs: 20_000, wallTimeMs: 40_000, memoryMiB: 512, diskMiB: 64 };

const PROGRAMS = join(import.meta.dirname, '../programs');

const RUNTIME_OF: Readonly<Record<string, RuntimeKey>> = {
  '.py': 'python',
  '.js': 'node',
  '.sh': 'bash',
  '.c': 'c',
  '.cpp': 'cpp',
  '.java': 'java',
};

interface Program {
  readonly name: string;
  readonly runtime: RuntimeKey;
  readonly path: string;
  readonly source: Buffer;
  readonly header: ReadonlyMap<string, string>;
}

function readProgram(folder: string, name: string): Program | null {
  const runtime = RUNTIME_OF[extname(name)];
  if (runtime === undefined) return null;
  const source = readFileSync(join(PROGRAMS, folder, name));
  const lines = source.toString('utf8').matchAll(/^(?:#|\/\/|\/\*| \*) (\w+): (.*)$/gm);
  const header = new Map([...lines].map((match): [string, string] => [match[1] ?? '', match[2] ?? '']));
  return {
    name: `${folder}/${name}`,
    runtime,
    path: runtime === 'java' ? 'Main.java' : `main${extname(name)}`,
    source,
    header,
  };
}

const programs = readdirSync(PROGRAMS, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .flatMap((folder) => readdirSync(join(PROGRAMS, folder.name)).map((name) => readProgram(folder.name, name)))
  .filter((program) => program !== null);

/** The end in the words of a header: `exited 0`, `signalled SIGSEGV`, `cpu_limit`. */
function describeEnd(outcome: RunOutcome): string {
  return [outcome.kind, outcome.exitCode ?? outcome.signal].filter((part) => part !== null).join(' ');
}

/** Whether an end is the expected one: in full, as one of several kinds, or `exited` for any status that is not 0. */
function isExpected(expected: string, outcome: RunOutcome): boolean {
  if (expected === 'exited') return outcome.kind === 'exited' && outcome.exitCode !== 0;
  const kinds = expected.split(' ').filter((word) => word.endsWith('_limit'));
  return kinds.length > 1 ? kinds.includes(outcome.kind) : describeEnd(outcome) === expected;
}

/** What to read when a test fails. */
function report(what: string, outcome: RunOutcome): string {
  return `${what}: ${describeEnd(outcome)} ${outcome.reason ?? ''}\n${outcome.stderr.toString('utf8').slice(0, 2_000)}`;
}

/** Limits of a header; `RunLimits` of test/programs/README.md where it names none. */
function limitsOf(program: Program): RunLimits {
  const given: unknown = JSON.parse(program.header.get('Limits') ?? '{}');
  const entries = Object.entries(typeof given === 'object' && given !== null ? given : {});
  return { ...LIMITS, ...Object.fromEntries(entries.map(([name, value]) => [name, Number(value)])) };
}

describe.each(SANDBOX_ADAPTERS)('programs in the $name sandbox', ({ create }) => {
  let sandbox: Sandbox;
  let capabilities: SandboxCapabilities;
  let runtimes: readonly Runtime[];

  beforeAll(async () => {
    sandbox = create();
    capabilities = await sandbox.probe();
    runtimes = await detectRuntimes();
    if (!capabilities.usable) throw new Error(capabilities.reason ?? 'not usable');
  });

  afterAll(async () => {
    await sandbox.shutDown();
  });

  /** Every fault found with a program: none when it did what its header says. */
  async function tryProgram(program: Program, runtime: Runtime): Promise<readonly string[]> {
    const limits = limitsOf(program);
    const session = await sandbox.open({ runtime: runtime.key, network: 'none' });
    try {
      await session.put([{ path: program.path, content: program.source }]);
      const expectedBuild = program.header.get('Build');
      if (runtime.build !== null) {
        const build = await session.run({
          argv: ['/bin/sh', '-c', runtime.build],
          stdin: Buffer.alloc(0),
          environment: {},
          limits: BUILD_LIMITS,
          keepFiles: true,
        });
        if (!isExpected(expectedBuild ?? 'exited 0', build)) return [report('the build', build)];
      }
      if (expectedBuild !== undefined) return [];

      const outcome = await session.run({
        argv: runtime.command(null, [], limits),
        stdin: Buffer.from(String(JSON.parse(program.header.get('Stdin') ?? '""'))),
        environment: {},
        limits,
      });
      const stdout = program.header.get('Stdout');
      const said = JSON.stringify(outcome.stdout.toString('utf8'));
      return [
        ...(stdout === undefined || said === stdout ? [] : [report(`it said ${said}`, outcome)]),
        ...(isExpected(program.header.get('Outcome') ?? '', outcome) ? [] : [report('it ended', outcome)]),
        ...programsOf().map((line) => `left behind: ${line}`),
      ];
    } finally {
      await session.close();
    }
  }

  it.for(programs)('$name', async (program, context) => {
    const runtime = runtimes.find((candidate) => candidate.key === program.runtime);
    const lacksCgroup = program.header.get('Needs') === 'cgroup' && capabilities.cgroup === 'none';
    if (runtime === undefined || !runtime.available || lacksCgroup) return context.skip();
    expect(program.header.get('Verdict')).toBe(program.name.split('/')[0]);
    expect(await tryProgram(program, runtime)).toEqual([]);
  });
});
