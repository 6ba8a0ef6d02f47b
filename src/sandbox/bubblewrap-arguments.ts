import type { RuntimeBind } from './runtimes.js';
import type { SandboxFolder } from './sandbox.js';
import { SUPERVISOR_FILES } from './supervisor-program.js';

/** The folder that programs start in, and their HOME; a file system in memory, made anew for every run. */
export const WORKING_FOLDER = '/box';

/** User and group that a program sees itself as. Outside it is another, see `uid-pool.ts`. */
export const INSIDE_UID = 1000;

const DEVICES = ['null', 'zero', 'full', 'random', 'urandom'] as const;

/** What stays the same for every run on one machine. */
export interface BubblewrapLayout {
  /** The prepared root folder (`root-folder.ts`), shown read-only as `/`. */
  readonly rootFolder: string;
  /** Folders of the host shown read-only under the same path: `/usr`, and `/lib` and the like where these are no links. */
  readonly systemFolders: readonly string[];
  /** False where the kernel refuses a new `/proc` (containers that mask parts of theirs). */
  readonly mountProc: boolean;
}

/** A file that bubblewrap makes. */
export interface ProtectedFileArgument {
  /** Below the protected folder. */
  readonly path: string;
  readonly executable: boolean;
  /** Number of the descriptor that it is read from, which bubblewrap then closes. */
  readonly descriptor: number;
}

/** What differs from run to run. */
export interface BubblewrapRunArguments {
  readonly diskMiB: number;
  readonly binds: readonly RuntimeBind[];
  /** Number of the descriptor that holds the filter, or null for none. */
  readonly seccompDescriptor: number | null;
  /** True: in the network that bubblewrap is started in. False: in a new one. */
  readonly joinsNetwork: boolean;
  /** Shown in `/run`, which is empty otherwise. */
  readonly folders: readonly SandboxFolder[];
  /** What is shown in `/grader`; null when that folder shall stay as empty as it is in the root folder. */
  readonly protectedFiles: readonly ProtectedFileArgument[] | null;
  /** First process inside; its argument list starts with an absolute path. */
  readonly command: readonly string[];
}

/** What differs from submission to submission, where a supervisor runs the steps. */
export interface SupervisorArguments {
  readonly binds: readonly RuntimeBind[];
  /** Folder on the host with the supervisor's program, readable for whoever bubblewrap runs as. */
  readonly supervisor: string;
  /** For the supervisor's program; see `native/main.c`. */
  readonly arguments: readonly string[];
}

/** For the process that holds a session's network, see `network-holder.ts`. */
export interface HolderArguments {
  readonly binds: readonly RuntimeBind[];
  readonly seccompDescriptor: number | null;
  readonly environment: Readonly<Record<string, string>>;
  /** Its argument list starts with an absolute path. */
  readonly command: readonly string[];
}

/** Where the supervisor finds itself at its start; it takes this away before any program runs. */
export const SUPERVISOR_FOLDER = '/run/supervisor';

/** The program of the supervisor, as it is started. */
export const SUPERVISOR_PROGRAM = `${SUPERVISOR_FOLDER}/${SUPERVISOR_FILES.program}`;

/** Where a program's folders are shown, each directly below. */
export const FOLDERS_FOLDER = '/run';

/** Where protected files lie, for the steps that show them. */
export const PROTECTED_FOLDER = '/grader';

/**
 * What the supervisor may do inside its user namespace, and nowhere else: make namespaces and mounts, bring their loopback
 * up, and take these very rights from the programs.
 */
export const SUPERVISOR_CAPABILITIES = ['CAP_SYS_ADMIN', 'CAP_SETPCAP', 'CAP_NET_ADMIN'] as const;

function readOnly(source: string, destination: string): readonly string[] {
  return ['--ro-bind', source, destination];
}

const IDENTITY = ['--uid', String(INSIDE_UID), '--gid', String(INSIDE_UID), '--hostname', 'box', '--cap-drop', 'ALL'];

/** What both ways have in common; `/proc` is each one's own affair. */
function commonArguments(
  layout: BubblewrapLayout,
  binds: readonly RuntimeBind[],
  joinsNetwork = false,
): readonly string[] {
  return [
    '--unshare-user',
    '--unshare-pid',
    '--unshare-ipc',
    '--unshare-uts',
    ...(joinsNetwork ? [] : ['--unshare-net']),
    '--unshare-cgroup-try',
    '--new-session',
    '--die-with-parent',
    '--as-pid-1',
    ...IDENTITY,
    ...readOnly(layout.rootFolder, '/'),
    ...layout.systemFolders.flatMap((folder) => readOnly(folder, folder)),
    ...binds.flatMap((bind) => readOnly(bind.source, bind.destination)),
    ...DEVICES.flatMap((device) => ['--dev-bind', `/dev/${device}`, `/dev/${device}`]),
  ];
}

const BEGINNING = ['--remount-ro', '/', '--chdir', WORKING_FOLDER, '--clearenv', '--setenv', 'PATH', '/usr/bin:/bin'];

/**
 * The argument list for the `bwrap` that holds all steps of a submission. The supervisor is its first process and gives each
 * step a view of its own: a new `/proc`, and new file systems in memory for `/tmp` and the working folder. Here, nothing at
 * all is writable. No filter: it would bind the supervisor, which sets it for each program.
 */
export function buildSupervisorArguments(layout: BubblewrapLayout, run: SupervisorArguments): string[] {
  return [
    ...commonArguments(layout, run.binds),
    ...SUPERVISOR_CAPABILITIES.flatMap((capability) => ['--cap-add', capability]),
    ...(layout.mountProc ? ['--proc', '/proc'] : []),
    ...readOnly(run.supervisor, SUPERVISOR_FOLDER),
    ...BEGINNING,
    '--',
    SUPERVISOR_PROGRAM,
    ...run.arguments,
  ];
}

/** The argument list for the `bwrap` of the process that holds a session's network. It finds nothing to write to, and no `/proc`. */
export function buildHolderArguments(layout: BubblewrapLayout, holder: HolderArguments): string[] {
  return [
    ...commonArguments(layout, holder.binds),
    ...BEGINNING,
    ...Object.entries(holder.environment).flatMap(([name, value]) => ['--setenv', name, value]),
    ...(holder.seccompDescriptor === null ? [] : ['--seccomp', String(holder.seccompDescriptor)]),
    '--',
    ...holder.command,
  ];
}

/**
 * The argument list for `bwrap` (without the program's own name). Written for bubblewrap 0.8 and later.
 *
 * - Every namespace is new, but for the network where a session shares one. That has a loopback device and nothing else.
 * - `/` and all of the host's folders are read-only. Writable are only `/tmp` and the working folder, each limited in size;
 *   bubblewrap cannot limit their number of files, which the run's memory limit pays for.
 * - Protected files are written by bubblewrap itself, because nobody inside may make their folder read-only afterwards.
 * - `--as-pid-1`: the first process is ours, and in the run's cgroups. bubblewrap's own one stays outside of them, and a
 *   program could write to its memory (`/proc/1/mem` belongs to the same user) and so leave its limits.
 * - An empty folder over `/proc/1` keeps programs from doing that to our first process.
 * - Not `--dev`: it nests a second user namespace and leaves a writable file system without limits.
 */
export function buildBubblewrapArguments(layout: BubblewrapLayout, run: BubblewrapRunArguments): string[] {
  const bytes = String(run.diskMiB * 1024 * 1024);
  const temporary = (path: string, mode: string) => ['--perms', mode, '--size', bytes, '--tmpfs', path];
  return [
    ...commonArguments(layout, run.binds, run.joinsNetwork),
    ...(layout.mountProc
      ? ['--proc', '/proc', '--perms', '0555', '--size', '4096', '--tmpfs', '/proc/1', '--remount-ro', '/proc/1']
      : []),
    ...temporary('/tmp', '1777'),
    ...temporary(WORKING_FOLDER, '0755'),
    ...(run.protectedFiles === null
      ? []
      : [
          ...temporary(PROTECTED_FOLDER, '0755'),
          ...run.protectedFiles.flatMap(({ path, executable, descriptor }) => [
            '--perms',
            executable ? '0755' : '0644',
            '--file',
            String(descriptor),
            `${PROTECTED_FOLDER}/${path}`,
          ]),
          '--remount-ro',
          PROTECTED_FOLDER,
        ]),
    ...(run.folders.length === 0
      ? []
      : [
          '--perms',
          '0755',
          '--size',
          '65536',
          '--tmpfs',
          FOLDERS_FOLDER,
          ...run.folders.flatMap(({ source, destination }) => readOnly(source, destination)),
          '--remount-ro',
          FOLDERS_FOLDER,
        ]),
    ...BEGINNING,
    ...(run.seccompDescriptor === null ? [] : ['--seccomp', String(run.seccompDescriptor)]),
    '--',
    ...run.command,
  ];
}

/** Empty files and links that {@link buildBubblewrapArguments} expects below `/dev` of the root folder. */
export const DEVICE_MOUNT_POINTS: readonly string[] = DEVICES;
