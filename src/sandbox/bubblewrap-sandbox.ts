import { accessSync, constants } from 'node:fs';
import { tmpdir } from 'node:os';

import { DomainError } from '../errors/domain-error.js';
import { BubblewrapSession } from './bubblewrap-session.js';
import { type Cgroups, readCgroupMounts } from './cgroup.js';
import { CgroupsV1 } from './cgroup-v1.js';
import { CgroupsV2 } from './cgroup-v2.js';
import {
  explainComplaint,
  failureOf,
  findLeaks,
  isProcRefused,
  LOOK_AROUND,
  PROBE_LIMITS,
  USE_MEMORY,
} from './probe.js';
import { HIGHEST_DESCRIPTOR } from './first-process.js';
import { inheritedDescriptors } from './inherited-descriptors.js';
import { ownIdentity } from './process-identity.js';
import type { RunOutcome } from './run-outcome.js';
import { detectRuntimes } from './runtimes.js';
import { Sandbox, type SandboxCapabilities, type SandboxSession, type SandboxSpec } from './sandbox.js';
import { ScratchFolder } from './scratch-folder.js';
import { buildSeccompFilter, seccompArchitecture } from './seccomp-filter.js';
import type { PreparedMachine, SandboxLogger } from './steps.js';
import { findSupervisor } from './supervisor-program.js';
import { SlotPool } from './uid-pool.js';

/** Which adapter the operator wants: `auto` takes the best that is there. */
export type SandboxDriver = 'auto' | 'bubblewrap' | 'oci';

export interface BubblewrapSandboxOptions {
  readonly driver: SandboxDriver;
  /** Sessions open at a time in normal work; some more may be, up to a fixed number. */
  readonly concurrency: number;
  /** Folder for the little that the sandbox keeps on the host; the system's temporary folder when not given. */
  readonly scratchDirectory?: string;
  /** Program of the supervisor; the built one when not given, null to do without. */
  readonly supervisor?: string | null;
  readonly logger?: SandboxLogger;
}

const BUBBLEWRAP_PLACES = ['/usr/bin/bwrap', '/usr/local/bin/bwrap', '/bin/bwrap'] as const;

/** A grader may open a second session (for a checker) while the student's is open: never less than twice as many. */
const SMALLEST_SLOT_COUNT = 32;

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function unusable(reason: string): SandboxCapabilities {
  return {
    driver: 'none',
    usable: false,
    reason,
    memory: 'none',
    cgroup: 'none',
    seccomp: false,
    uidDrop: false,
    warnings: [],
  };
}

/**
 * Runs programs in bubblewrap sandboxes, in one of two ways behind the same promises:
 *
 * - **Supervised**, where `npm run build` found a C compiler and there are cgroups: one bubblewrap for a session, and in it
 *   the supervisor, which starts every step in new namespaces (`native/README.md`, `supervised-steps.ts`).
 * - **Separate** otherwise, slower: each step in a bubblewrap of its own (`separate-steps.ts`):
 *
 *     worker ── spawn as another user ──► bwrap ── new namespaces ──► sh (first process, trusted, pid 1)
 *       │  program's stdin/stdout/stderr: named pipes                    1. tar: unpacks the session's files into /box
 *       │  status: socket (ready, exit status, complaints)               2. joins the run's cgroups, sets rlimits
 *       │  files in and out: tar archives by descriptor                  3. says "ready", closes what is not the program's
 *       └─ timers: CPU time and kills of the cgroup, elapsed time        4. runs the program as its child, tells how it ended
 *                                                                        5. for a build: ends what is left, sends /box back
 *
 * - **Root.** A worker that is root runs every session as a user of its own (`uid-pool.ts`); bubblewrap started by root would
 *   leave parts of `/proc` writable. Another worker runs programs as itself in a user namespace. Never uid 0.
 * - **Limits.** The cgroup (`cgroup.ts`) holds memory, processes and CPU time of the whole tree, the first process included;
 *   rlimits are the second line. Without cgroups they are the only one: memory is then limited for each process alone, and
 *   `probe` says so. Disk: the size of the two file systems in memory. Output: counted here, byte by byte.
 * - **Files.** The session's files live in this process's memory. In the sandbox they are a tar archive on a descriptor; out
 *   of it comes another, read entry by entry with its own limits. No path of a student is ever opened on the host.
 * - **Signals.** Separate: the shell tells a program's death by signal n as 128 + n. It also announces most signals in words, which tells
 *   them from `exit(128 + n)`; for SIGINT, SIGPIPE and SIGTERM it does not, and 130, 141 and 143 are taken for these signals.
 * - **End.** All processes die with the first one, which is killed through its bwrap parent; a worker that is killed takes its
 *   sandboxes with it (`--die-with-parent`), and the next one removes the empty cgroups and folders that it left.
 * Several limits at once: see `bubblewrap-run.ts` for which is told.
 */
export class BubblewrapSandbox extends Sandbox {
  private prepared: Promise<{ capabilities: SandboxCapabilities; ready: PreparedMachine | null }> | undefined;
  private readonly stopping = new AbortController();
  private readonly sessions = new Set<BubblewrapSession>();
  private readonly log: SandboxLogger;

  constructor(private readonly options: BubblewrapSandboxOptions) {
    super();
    this.log = options.logger ?? (() => undefined);
  }

  override async probe(): Promise<SandboxCapabilities> {
    return (await this.prepare()).capabilities;
  }

  override async open(spec: SandboxSpec): Promise<SandboxSession> {
    const { capabilities, ready } = await this.prepare();
    if (ready === null || this.stopping.signal.aborted) {
      throw new DomainError('unavailable', 'sandbox_unavailable', 'Programs cannot be run here at the moment.', {
        cause: new Error(capabilities.reason ?? 'the sandbox was shut down'),
      });
    }
    const runtime = (await detectRuntimes()).find((candidate) => candidate.key === spec.runtime);
    if (runtime === undefined || !runtime.available) {
      throw new DomainError(
        'unavailable',
        'runtime_unavailable',
        `The runtime ${spec.runtime} is not available here.`,
        {
          cause: new Error(runtime?.reason ?? 'no such runtime'),
        },
      );
    }
    const slot = ready.slots.acquire();
    if (slot === null) {
      throw new DomainError('unavailable', 'sandbox_busy', 'Too many sandboxes are open: try again later.', {
        retryAfterSeconds: 5,
      });
    }
    const session = new BubblewrapSession(
      { prepared: ready, slot, runtime, ownNetwork: spec.network === 'loopback', log: this.log },
      this.stopping.signal,
      () => {
        this.sessions.delete(session);
        ready.slots.release(slot);
      },
    );
    this.sessions.add(session);
    return session;
  }

  override async shutDown(): Promise<void> {
    this.stopping.abort();
    await Promise.all([...this.sessions].map((session) => session.close()));
    const ready = (await this.prepared)?.ready;
    ready?.scratch.remove();
  }

  private prepare(): Promise<{ capabilities: SandboxCapabilities; ready: PreparedMachine | null }> {
    this.prepared ??= this.examine().catch((error: unknown) => ({
      capabilities: unusable(messageOf(error)),
      ready: null,
    }));
    return this.prepared;
  }

  private async examine(): Promise<{ capabilities: SandboxCapabilities; ready: PreparedMachine | null }> {
    if (this.options.driver === 'oci') return refused('the oci driver does not exist yet: set SANDBOX=auto');
    if (process.platform !== 'linux') return refused('programs run on Linux only: start the worker in a container');
    const bubblewrap = BUBBLEWRAP_PLACES.find(isExecutable);
    if (bubblewrap === undefined) return refused('bubblewrap is not installed: apt-get install bubblewrap');
    const missing = ['/bin/sh', '/usr/bin/tar', '/usr/bin/mkfifo'].filter((path) => !isExecutable(path));
    if (missing.length > 0) return refused(`${missing.join(' and ')} are missing: apt-get install dash tar coreutils`);

    const strayDescriptors = inheritedDescriptors(HIGHEST_DESCRIPTOR);
    if (strayDescriptors.length > 0 && !isExecutable('/bin/bash')) {
      return refused(
        `the worker inherited the descriptors ${strayDescriptors.join(', ')}, which programs would see: start it without them, or apt-get install bash`,
      );
    }

    const owner = ownIdentity();
    const dropsUser = process.geteuid?.() === 0;
    const warnings: string[] = [];
    const architecture = seccompArchitecture(process.arch);
    if (architecture === null) warnings.push(`there is no system-call filter for ${process.arch}: use x86-64 or arm64`);
    const cgroups = await this.findCgroups(owner, warnings);

    const filter = architecture === null ? null : buildSeccompFilter(architecture);
    const scratch = ScratchFolder.create(
      this.options.scratchDirectory ?? tmpdir(),
      owner,
      await detectRuntimes(),
      filter,
      dropsUser,
    );
    const ready: PreparedMachine = {
      scratch,
      dropsUser,
      supervisor: null,
      warnings,
      slots: new SlotPool(Math.max(SMALLEST_SLOT_COUNT, this.options.concurrency * 2), dropsUser, process.pid),
      machine: {
        bubblewrap,
        layout: scratch.layout(true),
        cgroups,
        strayDescriptors,
        openFilter: architecture === null ? null : () => scratch.openFilter(),
      },
    };
    try {
      const supervised = cgroups === null ? null : this.superviseIfBuilt(ready, filter, warnings);
      let tried = await this.tryOut(supervised ?? ready);
      if (supervised !== null && tried.ready === null) {
        const reason = tried.capabilities.reason ?? 'unknown';
        tried = await this.tryOut({ ...ready, warnings: [...ready.warnings, withoutSupervisor(reason)] });
      }
      if (tried.ready === null) scratch.remove();
      return tried;
    } catch (error) {
      scratch.remove();
      throw error;
    }
  }

  /** Null where there is no supervisor, which is told unless it was wanted. It cannot do without cgroups. */
  private superviseIfBuilt(ready: PreparedMachine, filter: Buffer | null, warnings: string[]): PreparedMachine | null {
    if (this.options.supervisor === null) return null;
    const program = this.options.supervisor ?? findSupervisor();
    if (program === null) {
      warnings.push(withoutSupervisor('it was not built: install gcc and libc6-dev, then npm run build'));
      return null;
    }
    return { ...ready, supervisor: { path: ready.scratch.addSupervisor(program), filter } };
  }

  private async findCgroups(owner: ReturnType<typeof ownIdentity>, warnings: string[]): Promise<Cgroups | null> {
    try {
      const mounts = readCgroupMounts();
      const cgroups = CgroupsV2.find(mounts, owner) ?? CgroupsV1.find(mounts, owner);
      if (cgroups === null) throw new Error('there are no cgroups with the memory and pids controllers here');
      await cgroups.removeAbandoned();
      // Being there is not being allowed to.
      await cgroups.create({ memoryMiB: PROBE_LIMITS.memoryMiB, processes: 1 }).remove();
      return cgroups;
    } catch (error) {
      warnings.push(
        `memory is limited for each process alone, not for all together, because cgroups cannot be used: ${messageOf(error)}. Delegate a cgroup to the worker, as docs/sandbox.md shows`,
      );
      return null;
    }
  }

  /** Runs real programs under the full configuration, and takes back what this machine does not give. */
  private async tryOut(
    first: PreparedMachine,
  ): Promise<{ capabilities: SandboxCapabilities; ready: PreparedMachine | null }> {
    let ready = first;
    let outcome = await this.tryProgram(ready, ['/bin/sh', '-c', LOOK_AROUND]);
    let failure = failureOf(outcome);
    if (failure !== null && isProcRefused(failure)) {
      ready = {
        ...ready,
        machine: { ...ready.machine, layout: ready.scratch.layout(false) },
        warnings: [
          ...ready.warnings,
          "/proc cannot be mounted inside, because parts of this container's are masked: Java and /dev/stdin do not work. Set systempaths=unconfined for the worker",
        ],
      };
      outcome = await this.tryProgram(ready, ['/bin/sh', '-c', LOOK_AROUND]);
      failure = failureOf(outcome);
    }
    const seccomp = ready.machine.openFilter !== null;
    const leaks = failure === null ? findLeaks(outcome.stdout.toString('utf8'), { seccomp }) : [];
    if (failure === null && leaks.length > 0) failure = `the sandbox does not hold: ${leaks.join('; ')}`;

    const cgroups = ready.machine.cgroups;
    if (failure === null && cgroups !== null) {
      const bomb = await this.tryProgram(ready, USE_MEMORY);
      if (bomb.kind !== 'memory_limit') {
        failure = `the memory limit does not hold: a trial ended with ${bomb.kind} ${bomb.reason ?? ''}`;
      }
    }
    if (failure !== null) {
      return { capabilities: unusable(`bubblewrap does not work here: ${explainComplaint(failure)}`), ready: null };
    }
    for (const warning of ready.warnings) this.log('warn', `sandbox: ${warning}`);
    return {
      ready,
      capabilities: {
        driver: 'bubblewrap',
        usable: true,
        reason: null,
        memory: cgroups === null ? 'process' : 'tree',
        cgroup: cgroups?.version ?? 'none',
        seccomp,
        uidDrop: ready.dropsUser,
        warnings: ready.warnings,
      },
    };
  }

  private async tryProgram(ready: PreparedMachine, argv: readonly string[]): Promise<RunOutcome> {
    const slot = ready.slots.acquire();
    if (slot === null) throw new Error('this machine has no free user number for the sandbox');
    const session = new BubblewrapSession(
      { prepared: ready, slot, runtime: null, ownNetwork: false, log: this.log },
      this.stopping.signal,
      () => ready.slots.release(slot),
    );
    try {
      return await session.run({ argv, stdin: Buffer.alloc(0), environment: {}, limits: PROBE_LIMITS });
    } finally {
      await session.close();
    }
  }
}

function withoutSupervisor(reason: string): string {
  return `every test starts a sandbox of its own, which is slower, because the supervisor cannot be used: ${reason}`;
}

function refused(reason: string): { readonly capabilities: SandboxCapabilities; readonly ready: null } {
  return { capabilities: unusable(reason), ready: null };
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
