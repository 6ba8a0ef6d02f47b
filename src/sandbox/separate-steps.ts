import { closeSync } from 'node:fs';

import { runInBubblewrap } from './bubblewrap-run.js';
import type { BubblewrapRun } from './bubblewrap-start.js';
import { ProtectedFiles } from './protected-files.js';
import type { RunOutcome } from './run-outcome.js';
import type { SandboxFile, SandboxStep } from './sandbox.js';
import { reopen, type ScratchFolder } from './scratch-folder.js';
import { environmentOf, type Steps, type StepsContext } from './steps.js';
import type { Slot } from './uid-pool.js';
import { type KeptEntries, readArchive, WorkingFiles } from './working-files.js';

/** Each step in a bubblewrap of its own. Needs nothing but a shell and `tar`. */
export class SeparateSteps implements Steps {
  protected readonly files = new WorkingFiles();
  protected readonly protectedFiles: ProtectedFiles;
  /** The archive as a file without a name, and the very bytes that are in it. */
  private stored: { readonly bytes: Buffer; readonly descriptor: number } | null = null;

  constructor(
    protected readonly context: StepsContext,
    protected readonly slot: Slot,
  ) {
    this.protectedFiles = new ProtectedFiles(context.prepared.scratch);
  }

  async put(files: readonly SandboxFile[]): Promise<void> {
    this.files.put(files.filter((file) => file.isProtected !== true));
    for (const file of files) if (file.isProtected === true) this.protectedFiles.put(file);
  }

  async run(step: SandboxStep, signal: AbortSignal): Promise<RunOutcome> {
    const { prepared, runtime, systemSitePackages, log } = this.context;
    // First: what is opened after it is the run's to close.
    const networkOf = await this.networkOf();
    let left: KeptEntries | null = null;
    const outcome = await runInBubblewrap(prepared.machine, {
      step: { ...step, environment: environmentOf(this.context, step), signal },
      uid: this.slot.uid,
      binds: prepared.scratch.binds(runtime, systemSitePackages),
      ...(await this.openWhatItNeeds(step)),
      output: 'limited',
      networkOf,
      folders: [],
      collect:
        step.keepFiles === true
          ? async (stream) => {
              left = await readArchive(stream, step.limits.diskMiB * 1024 * 1024);
            }
          : null,
      onWarning: (message) => log('warn', `sandbox: ${message}`),
    });
    // What a program left when it was ended for a limit is half of something.
    if (left !== null && (outcome.kind === 'exited' || outcome.kind === 'signalled')) this.files.replaceBy(left);
    return outcome;
  }

  /** A process that holds the network of all steps, or null where each has one of its own. */
  protected networkOf(): Promise<number | null> {
    return Promise.resolve(null);
  }

  /** The run closes all of it; where not all can be had, nothing stays open. */
  private async openWhatItNeeds(
    step: SandboxStep,
  ): Promise<Pick<BubblewrapRun, 'archive' | 'stdin' | 'protectedFiles' | 'pipes'>> {
    const { scratch } = this.context.prepared;
    const opened: number[] = [];
    const hold = (descriptor: number): number => {
      opened.push(descriptor);
      return descriptor;
    };
    try {
      const archive = hold(reopen(await this.storeArchive()));
      const stdin = hold(openNameless(scratch, step.stdin));
      const protectedFiles = step.showsProtected === true ? this.protectedFiles.open() : null;
      for (const { descriptor } of protectedFiles ?? []) hold(descriptor);
      return {
        archive,
        stdin,
        protectedFiles,
        pipes: await scratch.openPipes(String(this.slot.index), step.reports === true),
      };
    } catch (error) {
      for (const descriptor of opened) closeSync(descriptor);
      throw error;
    }
  }

  async close(): Promise<void> {
    this.context.prepared.slots.release(this.slot);
    this.protectedFiles.close();
    if (this.stored !== null) closeSync(this.stored.descriptor);
    this.stored = null;
  }

  protected async storeArchive(): Promise<number> {
    const bytes = await this.files.archive();
    if (this.stored?.bytes !== bytes) {
      const descriptor = this.context.prepared.scratch.createNameless(bytes);
      if (this.stored !== null) closeSync(this.stored.descriptor);
      this.stored = { bytes, descriptor };
    }
    return this.stored.descriptor;
  }
}

/** Open for reading: a file without a name. Whoever called closes it. */
export function openNameless(scratch: ScratchFolder, content: Buffer): number {
  const written = scratch.createNameless(content);
  try {
    return reopen(written);
  } finally {
    closeSync(written);
  }
}
