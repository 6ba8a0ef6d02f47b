import type { Duplex } from 'node:stream';

import type { RunOutcome } from '../../src/sandbox/run-outcome.js';
import {
  type RunningProgram,
  Sandbox,
  type SandboxCapabilities,
  type SandboxFile,
  type SandboxSession,
  type SandboxSpec,
  type SandboxStep,
} from '../../src/sandbox/sandbox.js';

/** What a run gave; a program that wrote nothing and exited with 0 unless told otherwise. */
export function runOutcome(
  overrides: Partial<Omit<RunOutcome, 'stdout' | 'stderr'>> & { stdout?: string; stderr?: string } = {},
): RunOutcome {
  const { stdout = '', stderr = '', ...others } = overrides;
  return {
    kind: 'exited',
    exitCode: others.kind === undefined || others.kind === 'exited' ? 0 : null,
    signal: null,
    cpuTimeMs: 10.4,
    wallTimeMs: 20.6,
    peakMemoryKiB: 1_024,
    stdout: Buffer.from(stdout),
    stderr: Buffer.from(stderr),
    stdoutTruncated: false,
    stderrTruncated: false,
    reason: null,
    ...others,
  };
}

/** A session that runs nothing: it answers as told, and remembers what it was asked. */
export class FakeSession implements SandboxSession {
  readonly files = new Map<string, Buffer>();
  readonly steps: SandboxStep[] = [];
  isClosed = false;

  constructor(private readonly respond: (step: SandboxStep) => RunOutcome | Promise<RunOutcome>) {}

  put(files: readonly SandboxFile[]): Promise<void> {
    for (const { path, content } of files) this.files.set(path, content);
    return Promise.resolve();
  }

  async run(step: SandboxStep): Promise<RunOutcome> {
    this.steps.push(step);
    return this.respond(step);
  }

  start(): Promise<RunningProgram> {
    return Promise.reject(new Error('nothing is ever started here'));
  }

  rememberFiles(): Promise<() => Promise<void>> {
    return Promise.reject(new Error('nothing is ever kept here'));
  }

  connect(): Promise<Duplex> {
    return Promise.reject(new Error('nobody listens here'));
  }

  close(): Promise<void> {
    this.isClosed = true;
    return Promise.resolve();
  }
}

/** A sandbox whose programs do what the test says. */
export class FakeSandbox extends Sandbox {
  readonly sessions: FakeSession[] = [];

  constructor(private readonly respond: (step: SandboxStep) => RunOutcome | Promise<RunOutcome> = () => runOutcome()) {
    super();
  }

  override probe(): Promise<SandboxCapabilities> {
    return Promise.resolve({
      driver: 'fake',
      usable: true,
      reason: null,
      memory: 'tree',
      cgroup: 'v2',
      seccomp: true,
      uidDrop: true,
      forkServer: true,
      warnings: [],
    });
  }

  override open(_spec: SandboxSpec): Promise<SandboxSession> {
    const session = new FakeSession(this.respond);
    this.sessions.push(session);
    return Promise.resolve(session);
  }

  override shutDown(): Promise<void> {
    return Promise.resolve();
  }
}
