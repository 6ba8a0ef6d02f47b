import { readdirSync, readFileSync } from 'node:fs';
import { extname, join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import type { RunLimits } from '../../src/sandbox/limits.js';
import type { RunOutcome } from '../../src/sandbox/run-outcome.js';
import { detectRuntimes, type Runtime, type RuntimeKey } from '../../src/sandbox/runtimes.js';
import type { Sandbox, SandboxCapabilities } from '../../src/sandbox/sandbox.js';
import { SANDBOX_ADAPTERS } from './sandbox-adapters.js';
import { tracesOf } from './sandbox-traces.js';

/** As test/programs/README.md says. */
const LIMITS: RunLimits = { cpuTimeMs: 1_000, wallTimeMs: 3_000, memoryMiB: 256, processes: 64, outputKiB: 64, diskMiB: 16 };
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
  return { name: `${folder}/${name}`, runtime, path: runtime === 'java' ? 'Main.java' : `main${extname(name)}`, source, header };
}

const programs = readdirSync(PROGRAMS, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .flatMap((folder) => readdirSync(join(PROGRAMS, folder.name)).map((name) => readProgram(folder.name, name)))
  .filter((program) => program !== null);

const describeEnd = (outcome: RunOutcome) =>
  [outcome.kind, outcome.exitCode ?? outcome.signal].filter((part) => part !== null).join(' ');

describe.each(SANDBOX_ADAPTERS)('programs in the $name sandbox', ({ create }) => {
  let sandbox: Sandbox;
  let capabilities: SandboxCapabilities;
  let runtimes: readonly Runtime[];

  beforeAll(async () => {
    sandbox = create();
    capabilities = await sandbox.probe();
    runtimes = await detectRuntimes();
    expect(capabilities.reason).toBeNull();
  });

  afterAll(async () => {
    await sandbox.shutDown();
  });

  it.each(programs)('$name', async (program) => {
    const folder = program.name.split('/')[0];
    expect(program.header.get('Verdict')).toBe(folder);
    const runtime = runtimes.find((candidate) => candidate.key === program.runtime);
    if (runtime === undefined || !runtime.available) return;
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
        const complaint = build.reason ?? build.stderr.toString('utf8').slice(0, 2_000);
        if (expectedBuild === 'exited') expect(build, complaint).toMatchObject({ kind: 'exited', exitCode: expect.not.closeTo(0) });
        else expect(describeEnd(build), complaint).toBe(expectedBuild ?? 'exited 0');
      }
      if (expectedBuild !== undefined) return;

      const limits: RunLimits = { ...LIMITS, ...JSON.parse(program.header.get('Limits') ?? '{}') };
      const outcome = await session.run({
        argv: runtime.command(null, [], limits),
        stdin: Buffer.from(String(JSON.parse(program.header.get('Stdin') ?? '""'))),
        environment: {},
        limits,
      });
      const said = outcome.reason ?? outcome.stderr.toString('utf8').slice(0, 2_000);
      const stdout = program.header.get('Stdout');
      if (stdout !== undefined) expect(outcome.stdout.toString('utf8'), said).toBe(JSON.parse(stdout));
      const expected = program.header.get('Outcome') ?? '';
      // Where two limits race, either is right: kinds alone then.
      const kinds = expected.split(' ').filter((word) => word.endsWith('_limit'));
      if (kinds.length > 1) expect(kinds).toContain(outcome.kind);
      else expect(describeEnd(outcome), said).toBe(expected);
      expect(tracesOf().processes).toEqual([]);
    } finally {
      await session.close();
    }
  });
});
