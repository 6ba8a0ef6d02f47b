import { BubblewrapSandbox } from '../../src/sandbox/bubblewrap-sandbox.js';
import type { RunLimits } from '../../src/sandbox/limits.js';
import type { RunOutcome } from '../../src/sandbox/run-outcome.js';
import { detectRuntimes } from '../../src/sandbox/runtimes.js';
import type { Sandbox, SandboxFile, SandboxSession, SandboxSpec, SandboxStep } from '../../src/sandbox/sandbox.js';
import { requiredSupervisor } from '../support/required-supervisor.js';
import { withRoomForTime } from '../support/test-kernel.js';

export const LIMITS: RunLimits = withRoomForTime({
  cpuTimeMs: 10_000,
  wallTimeMs: 30_000,
  memoryMiB: 128,
  processes: 32,
  outputKiB: 64,
  diskMiB: 8,
});

/** A copy of an interpreter that has started, or an interpreter of its own. */
export type Way = 'forked' | 'executed';

export const WAYS: readonly Way[] = ['forked', 'executed'];

/** How a step differs from running `main.py` without arguments and input under {@link LIMITS}. */
export interface ScriptOptions extends Partial<Omit<SandboxStep, 'argv' | 'limits' | 'stdin'>> {
  readonly args?: readonly string[];
  readonly stdin?: string | Buffer;
  readonly limits?: Partial<RunLimits>;
}

export const file = (path: string, content: string | Buffer, isProtected = false): SandboxFile => ({
  path,
  content: Buffer.from(content),
  isProtected,
});

/** A sandbox that can fork. @throws Error where it cannot: these tests would pass on nothing. */
export async function createForkingSandbox(concurrency = 2): Promise<Sandbox> {
  const sandbox = new BubblewrapSandbox({ driver: 'bubblewrap', concurrency, supervisor: requiredSupervisor() });
  const { usable, forkServer, reason, warnings } = await sandbox.probe();
  if (!usable || !forkServer) throw new Error(`no fork server: ${reason ?? warnings.join('; ')}`);
  return sandbox;
}

/** The step that runs `main.py`. */
export async function scriptStep({ args, stdin, limits, ...rest }: ScriptOptions = {}): Promise<SandboxStep> {
  const python = (await detectRuntimes()).find(({ key }) => key === 'python');
  if (python === undefined) throw new Error('there is no Python');
  const all = { ...LIMITS, ...limits };
  return {
    environment: {},
    ...rest,
    argv: python.command('main.py', args ?? [], all),
    stdin: Buffer.from(stdin ?? ''),
    limits: all,
  };
}

/** Opens a session for one way, does the work, and closes it. */
export async function inSession<T>(
  sandbox: Sandbox,
  way: Way,
  work: (session: SandboxSession) => Promise<T>,
  reuse: SandboxSpec['reuse'] = 'submission',
): Promise<T> {
  const forkServer = way === 'forked' ? { entrypoint: 'main.py' } : null;
  const session = await sandbox.open({ runtime: 'python', network: 'none', forkServer, reuse });
  try {
    return await work(session);
  } finally {
    await session.close();
  }
}

/** Runs one script in a session of its own. */
export async function runScript(
  sandbox: Sandbox,
  way: Way,
  script: string | Buffer,
  options: ScriptOptions = {},
): Promise<RunOutcome> {
  return inSession(sandbox, way, async (session) => {
    await session.put([file('main.py', script)]);
    return session.run(await scriptStep(options));
  });
}

/** `exited 0`, `signalled SIGSEGV`, `cpu_limit`, or why the sandbox failed. */
export function endOf({ kind, exitCode, signal, reason }: RunOutcome): string {
  return [kind, exitCode ?? signal ?? reason].filter((part) => part !== null).join(' ');
}

export const text = (outcome: RunOutcome): string => outcome.stdout.toString('utf8');
export const errors = (outcome: RunOutcome): string => outcome.stderr.toString('utf8');
