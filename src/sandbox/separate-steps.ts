import { closeSync } from 'node:fs';

import { runInBubblewrap } from './bubblewrap-run.js';
import type { RunOutcome } from './run-outcome.js';
import type { SandboxFile, SandboxStep } from './sandbox.js';
import { reopen } from './scratch-folder.js';
import { environmentOf, type Steps, type StepsContext } from './steps.js';
import { type KeptEntries, readArchive, WorkingFiles } from './working-files.js';

/** Each step in a bubblewrap of its own. Needs nothing but a shell and `tar`. */
export class SeparateSteps implements Steps {
  private readonly files = new WorkingFiles();
  /** The archive as a file without a name, and the very bytes that are in it. */
  private stored: { readonly bytes: Buffer; readonly descriptor: number } | null = null;

  constructor(private readonly context: StepsContext) {}

  async put(files: readonly SandboxFile[]): Promise<void> {
    this.files.put(files);
  }

  async run(step: SandboxStep, signal: AbortSignal): Promise<RunOutcome> {
    const { prepared, slot, runtime, log } = this.context;
    const { scratch } = prepared;
    const archiveFile = await this.storeArchive();
    const pipes = await scratch.openPipes(String(slot.index));
    const input = scratch.createNameless(step.stdin);
    let left: KeptEntries | null = null;
    const outcome = await runInBubblewrap(prepared.machine, {
      step: { ...step, environment: environmentOf(this.context, step), signal },
      uid: slot.uid,
      binds: runtime === null ? [] : scratch.binds(runtime),
      archive: reopen(archiveFile),
      stdin: reopen(input),
      pipes,
      collect:
        step.keepFiles === true
          ? async (stream) => {
              left = await readArchive(stream, step.limits.diskMiB * 1024 * 1024);
            }
          : null,
      onWarning: (message) => log('warn', `sandbox: ${message}`),
    });
    closeSync(input);
    // What a program left when it was ended for a limit is half of something.
    if (left !== null && (outcome.kind === 'exited' || outcome.kind === 'signalled')) this.files.replaceBy(left);
    return outcome;
  }

  async close(): Promise<void> {
    if (this.stored !== null) closeSync(this.stored.descriptor);
    this.stored = null;
  }

  private async storeArchive(): Promise<number> {
    const bytes = await this.files.archive();
    if (this.stored?.bytes !== bytes) {
      const descriptor = this.context.prepared.scratch.createNameless(bytes);
      if (this.stored !== null) closeSync(this.stored.descriptor);
      this.stored = { bytes, descriptor };
    }
    return this.stored.descriptor;
  }
}
