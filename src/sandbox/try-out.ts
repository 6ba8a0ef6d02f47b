import { DomainError } from '../errors/domain-error.js';
import { detectRuntimes } from './runtimes.js';
import type { Sandbox, SandboxSpec } from './sandbox.js';

/** Some of what a grading run needs: files, input, output. Large enough to notice a disk that is full. */
const BYTES = 128 * 1024;

/**
 * Runs one small program as a grading run would, in a session of its own.
 *
 * @param spec of which kind; one that failed before, because a sandbox may have others standing by that still work. Null: of any.
 * @returns null when it went well; else the complaint, for operators. Never rejects.
 */
export async function tryOutSandbox(
  sandbox: Sandbox,
  spec: SandboxSpec | null,
  signal: AbortSignal,
): Promise<string | null> {
  try {
    const session = await sandbox.open(spec ?? (await anySpec()));
    try {
      const content = Buffer.alloc(BYTES, 'x');
      await session.put([{ path: 'file', content }]);
      const outcome = await session.run({
        argv: ['/bin/sh', '-c', 'cat file - | wc -c'],
        stdin: content,
        environment: {},
        limits: {
          cpuTimeMs: 5_000,
          wallTimeMs: 10_000,
          memoryMiB: 64,
          processes: 16,
          outputKiB: 64,
          diskMiB: 8,
        },
        signal,
      });
      if (outcome.kind === 'sandbox_failure') return outcome.reason ?? 'unknown';
      if (outcome.stdout.toString('utf8').trim() === String(2 * BYTES)) return null;
      return `a trial program ended with ${outcome.kind} ${outcome.exitCode ?? outcome.signal ?? ''}: ${outcome.stderr.toString('utf8').slice(0, 200)}`;
    } finally {
      await session.close();
    }
  } catch (error) {
    // Much to do is no fault.
    if (error instanceof DomainError && error.code === 'sandbox_busy') return null;
    if (!(error instanceof Error)) return String(error);
    return error.cause instanceof Error ? `${error.message} (${error.cause.message})` : error.message;
  }
}

async function anySpec(): Promise<SandboxSpec> {
  return { runtime: (await detectRuntimes()).find(({ available }) => available)?.key ?? 'bash', network: 'none' };
}
