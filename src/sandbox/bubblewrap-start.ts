import { type ChildProcess, spawn } from 'node:child_process';
import type { Readable } from 'node:stream';

import { type BubblewrapLayout, buildBubblewrapArguments } from './bubblewrap-arguments.js';
import type { Cgroups } from './cgroup.js';
import { DESCRIPTORS, firstProcessCommand } from './first-process.js';
import type { OpenProtectedFile } from './protected-files.js';
import type { RuntimeBind } from './runtimes.js';
import type { SandboxFolder, SandboxStep } from './sandbox.js';
import type { OutputPipes } from './scratch-folder.js';

/** What is needed of the machine, found by the probe. */
export interface BubblewrapMachine {
  /** Path of `bwrap`; empty where programs run in containers, which start none. */
  readonly bubblewrap: string;
  readonly layout: BubblewrapLayout;
  readonly cgroups: Cgroups | null;
  /** Inherited by the worker, and to be closed inside; see `inherited-descriptors.ts`. */
  readonly strayDescriptors: readonly number[];
  /** Opens the system-call filter anew, or null where there is none. */
  readonly openFilter: (() => number) | null;
}

/** What happens to what a program writes: more than the limit ends it, or is dropped; or its standard output is somebody else's to read. */
export type OutputTreatment = 'limited' | 'dropped' | 'streamed';

export interface BubblewrapRun {
  readonly step: SandboxStep;
  readonly uid: number | null;
  readonly binds: readonly RuntimeBind[];
  /** The files to start from, as an archive, and what the program reads: open for reading. The run closes all descriptors. */
  readonly archive: number;
  readonly stdin: number;
  /** What to show of the protected files; null for steps that do not show them. */
  readonly protectedFiles: readonly OpenProtectedFile[] | null;
  readonly pipes: OutputPipes;
  readonly output: OutputTreatment;
  /** A process whose network it is run in; null: a new one of its own. */
  readonly networkOf: number | null;
  readonly folders: readonly SandboxFolder[];
  /** Gets the archive of what the program left; null when nothing is kept. */
  readonly collect: ((archive: Readable) => Promise<void>) | null;
  /** Called with each complaint that concerns the operator, not the program. */
  readonly onWarning: (message: string) => void;
}

/** What is open for one run alone, besides what {@link BubblewrapRun} names. */
export interface StartDescriptors {
  /** The run's cgroups, open for joining; empty where memory can be limited for each process alone only. */
  readonly joins: readonly number[];
  readonly filter: number | null;
}

/** The descriptors of `run` that the sandbox gets and nobody else may keep: the streams would never end. */
export function descriptorsOf({ archive, stdin, pipes, protectedFiles }: BubblewrapRun): number[] {
  return [
    archive,
    stdin,
    pipes.stdout.writer,
    pipes.stderr.writer,
    ...(pipes.report === null ? [] : [pipes.report.writer]),
    ...(protectedFiles ?? []).map(({ descriptor }) => descriptor),
  ];
}

/** Enters the namespaces of another process; of the essential packages of every distribution. */
export const NSENTER = '/usr/bin/nsenter';

/**
 * What starts bubblewrap. To join a network is the right of whoever owns the user namespace that it belongs to: so the user
 * namespace comes first, as the user that made it, and bubblewrap makes another below it, which owns nothing of either.
 */
function starterOf(bubblewrap: string, networkOf: number | null): readonly [string, ...string[]] {
  return networkOf === null
    ? [bubblewrap]
    : [NSENTER, '--preserve-credentials', '--user', '--net', '--target', String(networkOf), '--', bubblewrap];
}

/** Starts bubblewrap for one step, which gets copies of all descriptors. Standard error is the status stream. */
export function startBubblewrap(
  machine: BubblewrapMachine,
  run: BubblewrapRun,
  { joins, filter }: StartDescriptors,
): ChildProcess {
  const { step, pipes, uid, collect } = run;
  const { limits } = step;
  const hasCgroup = joins.length > 0;
  const command = firstProcessCommand(
    {
      limits: {
        // Later than the cgroup's counter, so that it speaks only when the worker does not come round to look.
        cpuSeconds: Math.ceil(limits.cpuTimeMs / 1000) + 1,
        // One more process than the program may have: ours.
        processes: limits.processes + 1,
        fileSizeMiB: limits.diskMiB + 1,
        dataMiB: hasCgroup ? null : limits.memoryMiB,
      },
      cgroups: joins.length,
      collect: collect !== null,
      reportTimes: !hasCgroup,
      reports: pipes.report !== null,
      strayDescriptors: machine.strayDescriptors,
    },
    step.environment,
    step.argv,
  );
  const protectedFiles = run.protectedFiles?.map(({ path, executable }, index) => ({
    path,
    executable,
    descriptor: DESCRIPTORS.protectedFiles + index,
  }));
  const stdio: (number | 'pipe' | 'ignore')[] = [];
  stdio[DESCRIPTORS.stdin] = run.stdin;
  stdio[DESCRIPTORS.stdout] = pipes.stdout.writer;
  stdio[DESCRIPTORS.status] = 'pipe';
  stdio[DESCRIPTORS.report] = pipes.report?.writer ?? 'ignore';
  stdio[DESCRIPTORS.archive] = run.archive;
  stdio[DESCRIPTORS.programStderr] = pipes.stderr.writer;
  DESCRIPTORS.join.forEach((descriptor, index) => (stdio[descriptor] = joins[index] ?? 'ignore'));
  stdio[DESCRIPTORS.collect] = collect === null ? 'ignore' : 'pipe';
  stdio[DESCRIPTORS.seccomp] = filter ?? 'ignore';
  for (const { descriptor } of run.protectedFiles ?? []) stdio.push(descriptor);
  const [starter, ...words] = starterOf(machine.bubblewrap, run.networkOf);
  return spawn(
    starter,
    words.concat(
      buildBubblewrapArguments(machine.layout, {
        diskMiB: limits.diskMiB,
        binds: run.binds,
        joinsNetwork: run.networkOf !== null,
        folders: run.folders,
        seccompDescriptor: filter === null ? null : DESCRIPTORS.seccomp,
        protectedFiles: protectedFiles ?? null,
        command,
      }),
    ),
    {
      stdio,
      env: {},
      cwd: '/',
      // A Ctrl-C at the terminal is for the worker, which may want to finish what runs.
      detached: true,
      ...(uid === null ? {} : { uid, gid: uid }),
    },
  );
}
