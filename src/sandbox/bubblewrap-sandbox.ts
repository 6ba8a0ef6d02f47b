import { accessSync, constants } from 'node:fs';
import { tmpdir } from 'node:os';

import { DomainError } from '../errors/domain-error.js';
import { BubblewrapLauncher } from './bubblewrap-launcher.js';
import { BubblewrapSession } from './bubblewrap-session.js';
import { NSENTER } from './bubblewrap-start.js';
import {
  type CgroupMounts,
  type Cgroups,
  ownCgroupDirectories,
  readCgroupMounts,
  removeAbandonedCgroups,
} from './cgroup.js';
import { CgroupsV1 } from './cgroup-v1.js';
import { CgroupsV2 } from './cgroup-v2.js';
import { HIGHEST_DESCRIPTOR } from './first-process.js';
import { inheritedDescriptors } from './inherited-descriptors.js';
import { type OciChoice, findRuntimes } from './oci/oci-runtime.js';
import { OciLauncher } from './oci/oci-launcher.js';
import { PROBE_LIMITS } from './probe.js';
import { InterpreterCopies } from './interpreter-copies.js';
import { ownIdentity } from './process-identity.js';
import { detectRuntimes, type Runtime } from './runtimes.js';
import { Sandbox, type SandboxCapabilities, type SandboxSession, type SandboxSpec } from './sandbox.js';
import { ScratchFolder } from './scratch-folder.js';
import { buildSeccompFilter, seccompArchitecture } from './seccomp-filter.js';
import type { SandboxLogger } from './sandbox-logger.js';
import type { PreparedMachine } from './steps.js';
import { sharedStepsFor, stepsFor } from './steps-for.js';
import type { Supervisor, SupervisorLauncher } from './supervisor-launcher.js';
import { findSupervisor, findTemplate } from './supervisor-program.js';
import { findToolbox, reachableToolbox } from './toolbox.js';
import { type Examined, refused, type TrialContext, tryOut } from './trial.js';
import { SlotPool } from './uid-pool.js';

/** Which adapter the operator wants: `auto` takes the best that is there. */
export type SandboxDriver = 'auto' | 'bubblewrap' | 'oci';

export interface BubblewrapSandboxOptions {
  readonly driver: SandboxDriver;
  /** Sessions open at a time in normal work; some more may be, up to a fixed number. */
  readonly concurrency: number;
  /** Folder for the little that the sandbox keeps on the host; the system's temporary folder when not given. */
  readonly scratchDirectory?: string;
  /** What the driver `oci` starts; where not given, the first runtime that works here. */
  readonly oci?: OciChoice;
  /** Where bubblewrap is; its usual places when not given. */
  readonly bubblewrap?: string;
  /** The cgroup file systems of the machine; those of this process when not given. */
  readonly cgroupMounts?: CgroupMounts;
  /** Program of the supervisor; the built one when not given, null to do without. */
  readonly supervisor?: string | null;
  /** Folder with the packages that programs may import (`toolbox.ts`); the one that comes with Assay when not given. */
  readonly toolbox?: string | null;
  /** False: interpreters are started from their files, never from copies in memory. */
  readonly hugePages?: boolean;
  readonly logger?: SandboxLogger;
}

const BUBBLEWRAP_PLACES = ['/usr/bin/bwrap', '/usr/local/bin/bwrap', '/bin/bwrap'] as const;

/** Sessions of one grading run at a time: the submission's, its checker's, one beside it, and its database server's. */
const SESSIONS_OF_A_RUN = 4;
const SMALLEST_SLOT_COUNT = 32;

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/**
 * Runs programs in bubblewrap sandboxes, in one of two ways behind the same promises:
 *
 * - **Supervised**, where `npm run build` found a C compiler and there are cgroups: one bubblewrap, a *lane*, for many sessions
 *   one after the other, each with a supervisor in new namespaces, which starts every step in new namespaces again
 *   (`native/README.md`, `lane-pool.ts`, `supervised-steps.ts`).
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
 * Several limits at once: see `bubblewrap-conclusion.ts` for which is told.
 */
export class BubblewrapSandbox extends Sandbox {
  private prepared: Promise<Examined> | undefined;
  private readonly stopping = new AbortController();
  private readonly sessions = new Set<BubblewrapSession>();
  private readonly log: SandboxLogger;
  private readonly copies: InterpreterCopies;

  constructor(private readonly options: BubblewrapSandboxOptions) {
    super();
    this.log = options.logger ?? (() => undefined);
    this.copies = new InterpreterCopies(ownIdentity(), this.log);
  }

  override async probe(): Promise<SandboxCapabilities> {
    return (await this.prepare()).capabilities;
  }

  override async open(spec: SandboxSpec): Promise<SandboxSession> {
    const { capabilities, ready } = await this.prepare();
    const runtime = (await detectRuntimes()).find((candidate) => candidate.key === spec.runtime);
    const mayCopy = ready !== null && this.options.hugePages !== false;
    const copy = mayCopy && runtime !== undefined ? await this.copies.of(runtime) : null;
    if (ready === null || this.stopping.signal.aborted) {
      throw new DomainError('unavailable', 'sandbox_unavailable', 'Programs cannot be run here at the moment.', {
        cause: new Error(capabilities.reason ?? 'the sandbox was shut down'),
      });
    }
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
    if (copy !== null && runtime.largeProgram !== null) ready.scratch.replace(runtime.largeProgram.source, copy);
    const isRoom = this.sessions.size < ready.mostSessions;
    const steps = !isRoom
      ? null
      : spec.network === 'shared'
        ? await this.shareNetwork(ready, runtime, spec)
        : stepsFor(ready, runtime, spec, this.log);
    if (steps === null) {
      throw new DomainError('unavailable', 'sandbox_busy', 'Too many sandboxes are open: try again later.', {
        retryAfterSeconds: 5,
      });
    }
    const session = new BubblewrapSession(steps, this.stopping.signal, () => this.sessions.delete(session));
    this.sessions.add(session);
    return session;
  }

  override async shutDown(): Promise<void> {
    this.stopping.abort();
    await Promise.all([...this.sessions].map((session) => session.close()));
    const ready = (await this.prepared)?.ready;
    await ready?.lanes?.shutDown();
    ready?.scratch.remove();
    await this.copies.remove();
  }

  /** @throws DomainError `unavailable` where this machine cannot. */
  private async shareNetwork(
    ready: PreparedMachine,
    runtime: Runtime,
    spec: SandboxSpec,
  ): Promise<ReturnType<typeof sharedStepsFor>> {
    const node = (await detectRuntimes()).find(({ key, available }) => key === 'node' && available);
    const reason =
      ready.machine.bubblewrap === ''
        ? 'containers (SANDBOX=oci) cannot share a network: use SANDBOX=bubblewrap'
        : !isExecutable(NSENTER)
          ? `${NSENTER} is missing: apt-get install util-linux`
          : 'Node.js was not found';
    if (ready.machine.bubblewrap === '' || !isExecutable(NSENTER) || node === undefined) {
      throw new DomainError(
        'unavailable',
        'shared_network_unavailable',
        'Programs cannot be run beside each other here.',
        { cause: new Error(reason) },
      );
    }
    return sharedStepsFor(ready, runtime, node, spec, this.log);
  }

  private prepare(): Promise<Examined> {
    this.prepared ??= this.examine().catch((error: unknown) => refused(messageOf(error)));
    return this.prepared;
  }

  private async examine(): Promise<Examined> {
    if (process.platform !== 'linux') return refused('programs run on Linux only: start the worker in a container');
    const usesContainers = this.options.driver === 'oci';
    const places = this.options.bubblewrap === undefined ? BUBBLEWRAP_PLACES : [this.options.bubblewrap];
    const bubblewrap = usesContainers ? null : (places.find(isExecutable) ?? null);
    if (bubblewrap === null && !usesContainers) {
      return refused('bubblewrap is not installed: apt-get install bubblewrap');
    }
    const missing = ['/bin/sh', '/usr/bin/tar', '/usr/bin/mkfifo'].filter((path) => !isExecutable(path));
    if (missing.length > 0) return refused(`${missing.join(' and ')} are missing: apt-get install dash tar coreutils`);

    const strayDescriptors = inheritedDescriptors(HIGHEST_DESCRIPTOR);
    if (strayDescriptors.length > 0 && !usesContainers && !isExecutable('/bin/bash')) {
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
    try {
      const toolbox = await findToolbox(this.options.toolbox ?? null);
      if (toolbox !== null) {
        scratch.showToolbox(dropsUser ? await reachableToolbox(toolbox, tmpdir(), this.log) : toolbox);
      }
    } catch (error) {
      // Most assignments need none of it.
      warnings.push(`programs find no packages of the toolbox: ${messageOf(error)}`);
    }
    const mostSessions = Math.max(SMALLEST_SLOT_COUNT, this.options.concurrency * SESSIONS_OF_A_RUN);
    const ready: PreparedMachine = {
      scratch,
      dropsUser,
      supervisor: null,
      lanes: null,
      warnings,
      mostSessions,
      slots: new SlotPool(mostSessions, dropsUser, process.pid),
      machine: {
        bubblewrap: bubblewrap ?? '',
        layout: scratch.layout(true),
        cgroups,
        strayDescriptors,
        openFilter: architecture === null ? null : () => scratch.openFilter(),
      },
    };
    try {
      const tried =
        bubblewrap === null
          ? await this.tryRuntimes(ready, filter)
          : await this.tryBubblewrap(ready, bubblewrap, filter);
      if (tried.ready === null) scratch.remove();
      return tried;
    } catch (error) {
      scratch.remove();
      throw error;
    }
  }

  /** Supervised where that is possible; if it does not work, each step for itself. */
  private async tryBubblewrap(ready: PreparedMachine, bubblewrap: string, filter: Buffer | null): Promise<Examined> {
    const context = this.trialContext();
    // It cannot do without cgroups, which has been told.
    if (this.options.supervisor === null || ready.machine.cgroups === null) return tryOut(ready, context);
    const supervisor = this.addSupervisor(ready, new BubblewrapLauncher(bubblewrap), filter);
    let reason = NO_SUPERVISOR;
    if (supervisor !== null) {
      const tried = await tryOut({ ...ready, supervisor }, context);
      if (tried.ready !== null) return tried;
      reason = tried.capabilities.reason ?? 'unknown';
    }
    return tryOut({ ...ready, warnings: [...ready.warnings, withoutSupervisor(reason)] }, context);
  }

  /** Containers are always supervised: nobody would want to build one for every test. The first that works is taken. */
  private async tryRuntimes(ready: PreparedMachine, filter: Buffer | null): Promise<Examined> {
    if (ready.machine.cgroups === null) return refused(`SANDBOX=oci needs cgroups: ${ready.warnings.join('; ')}`);
    const owner = ownIdentity();
    // Some runtimes make cgroups in every hierarchy, and leave them when they are killed.
    await removeAbandonedCgroups(ownCgroupDirectories(readCgroupMounts()), owner);
    const reasons: string[] = [];
    for (const found of await findRuntimes(this.options.oci ?? { runtime: null, arguments: [] })) {
      if ('reason' in found) {
        reasons.push(`${found.name}: ${found.reason}`);
        continue;
      }
      const launcher = new OciLauncher(found.runtime, ready.scratch.makePrivateFolder(found.runtime.name), owner);
      const supervisor = this.addSupervisor(ready, launcher, filter);
      if (supervisor === null) return refused(`SANDBOX=oci needs the supervisor: ${NO_SUPERVISOR}`);
      const tried = await tryOut({ ...ready, supervisor }, this.trialContext());
      if (tried.ready !== null) return tried;
      reasons.push(tried.capabilities.reason ?? 'unknown');
    }
    return refused(`no OCI runtime is usable: ${reasons.join('; ')}`);
  }

  /** Null where there is no supervisor. */
  private addSupervisor(
    ready: PreparedMachine,
    launcher: SupervisorLauncher,
    filter: Buffer | null,
  ): Supervisor | null {
    const program = this.options.supervisor ?? findSupervisor();
    if (program === null) return null;
    const template = findTemplate(program);
    const folder = ready.scratch.addSupervisor(program, template);
    return { launcher, folder, filter, hasTemplate: template.length > 0 };
  }

  private trialContext(): TrialContext {
    return { concurrency: this.options.concurrency, stopping: this.stopping.signal, log: this.log };
  }

  private async findCgroups(owner: ReturnType<typeof ownIdentity>, warnings: string[]): Promise<Cgroups | null> {
    try {
      const mounts = this.options.cgroupMounts ?? readCgroupMounts();
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
}

const NO_SUPERVISOR = 'it was not built: install gcc and libc6-dev, then npm run build';

function withoutSupervisor(reason: string): string {
  return `every test starts a sandbox of its own, which is slower, because the supervisor cannot be used: ${reason}`;
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
