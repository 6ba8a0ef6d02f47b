import { execFile } from 'node:child_process';
import {
  chmodSync,
  closeSync,
  constants,
  copyFileSync,
  cpSync,
  fchmodSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  realpathSync,
  rmSync,
  symlinkSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { promisify } from 'node:util';

import {
  type BubblewrapLayout,
  DEVICE_MOUNT_POINTS,
  INSIDE_UID,
  PROTECTED_FOLDER,
  SUPERVISOR_FOLDER,
  WORKING_FOLDER,
} from './bubblewrap-arguments.js';
import { removeAbandonedFolders, SCRATCH_PREFIX } from './abandoned-folders.js';
import { nameOwnedBy, type ProcessIdentity } from './process-identity.js';
import { isReachableByAll } from './reachable.js';
import type { Runtime, RuntimeBind } from './runtimes.js';
import { TOOLBOX_FOLDER } from './toolbox.js';

/** Top-level folders that are links into `/usr` on a merged system and folders of their own on others. */
const BASE_FOLDERS = ['bin', 'sbin', 'lib', 'lib32', 'lib64', 'libx32'] as const;

const runFile = promisify(execFile);

/** A named pipe. The reading end, ours, does not block; the writing end is for the program, and blocks. */
export interface OutputPipe {
  readonly reader: number;
  /** To be closed here once the program has it. */
  readonly writer: number;
}

/** The other way round: the reading end is for the program, and blocks; the writing end, ours, does not. */
export interface InputPipe {
  /** To be closed here once the program has it. */
  readonly reader: number;
  readonly writer: number;
}

/** What one run writes to. */
export interface OutputPipes {
  readonly stdout: OutputPipe;
  readonly stderr: OutputPipe;
  /** Null for a step that does not report. */
  readonly report: OutputPipe | null;
}

/** Copies what can be read, links as links. */
function copyIfThere(source: string, destination: string): void {
  try {
    cpSync(source, destination, { recursive: true, verbatimSymlinks: true });
  } catch {
    // Not every distribution has it, and nothing depends on all of it.
  }
}

/**
 * The one folder of the host that the sandbox writes to: the root folder that programs see, the system-call filter and
 * the named pipes. Holds no file of a student by name. Removed by {@link remove}, or by the next worker.
 */
export class ScratchFolder {
  private readonly madePipes = new Set<string>();
  private toolbox: string | null = null;

  private constructor(
    private readonly path: string,
    readonly systemFolders: readonly string[],
    private readonly bindSources: Map<string, string>,
  ) {}

  /**
   * @param parent must be reachable by all users when programs run under another one than the worker.
   * @throws Error when it is not, or cannot be written.
   */
  static create(
    parent: string,
    owner: ProcessIdentity,
    runtimes: readonly Runtime[],
    filter: Buffer | null,
    dropsUser: boolean,
  ): ScratchFolder {
    removeAbandonedFolders(parent, SCRATCH_PREFIX, owner);
    const path = mkdtempSync(join(realpathSync(parent), nameOwnedBy(owner, SCRATCH_PREFIX, '')));
    try {
      return ScratchFolder.fill(path, parent, runtimes, filter, dropsUser);
    } catch (error) {
      // A worker whose disk is full tries again and again: what is half must not pile up.
      rmSync(path, { recursive: true, force: true });
      throw error;
    }
  }

  private static fill(
    path: string,
    parent: string,
    runtimes: readonly Runtime[],
    filter: Buffer | null,
    dropsUser: boolean,
  ): ScratchFolder {
    chmodSync(path, 0o755);
    const root = join(path, 'root');
    const systemFolders = makeRootFolder(root);
    if (dropsUser && !isReachableByAll(root)) {
      throw new Error(`the scratch folder ${parent} cannot be reached by other users: choose one such as /tmp`);
    }
    mkdirSync(join(path, 'private'), { mode: 0o700 });
    mkdirSync(join(path, 'empty'), { mode: 0o755 });
    if (filter !== null) writeFileSync(join(path, 'filter'), filter);
    const bindSources = new Map<string, string>();
    for (const { source, destination } of runtimes.flatMap((runtime) => runtime.binds)) {
      mkdirSync(dirname(join(root, destination)), { recursive: true });
      writeFileSync(join(root, destination), '');
      bindSources.set(source, dropsUser ? reachableCopy(source, path, bindSources.size) : source);
    }
    return new ScratchFolder(path, systemFolders, bindSources);
  }

  layout(mountProc: boolean): BubblewrapLayout {
    return { rootFolder: join(this.path, 'root'), systemFolders: this.systemFolders, mountProc };
  }

  /** From now on, `copy` is shown in the place of the host's file `source`. */
  replace(source: string, copy: string): void {
    this.bindSources.set(source, copy);
  }

  /** From now on, these packages are shown to every program. */
  showToolbox(packages: string): void {
    this.toolbox = packages;
  }

  /** What is shown of the host besides its system folders, and what of these is not shown. */
  binds(runtime: Runtime | null, systemSitePackages: boolean): readonly RuntimeBind[] {
    const large = runtime?.largeProgram ?? null;
    const isReplaced = large !== null && this.bindSources.has(large.source);
    const others = (runtime?.binds ?? []).filter(({ destination }) => !isReplaced || destination !== large.destination);
    const shown = [...others, ...(isReplaced ? [large] : [])].map((bind) => ({
      ...bind,
      source: this.bindSources.get(bind.source) ?? bind.source,
    }));
    const hidden = systemSitePackages ? [] : (runtime?.sitePackages ?? []);
    return [
      ...shown,
      ...hidden.map((destination) => ({ source: join(this.path, 'empty'), destination })),
      ...(this.toolbox === null ? [] : [{ source: this.toolbox, destination: TOOLBOX_FOLDER }]),
    ];
  }

  /** A new descriptor every time: bubblewrap reads it to its end. */
  openFilter(): number {
    return openSync(join(this.path, 'filter'), 'r');
  }

  /**
   * A folder with copies of the supervisor and of what belongs to it, which every user may run: where the worker's own code
   * lies is its own affair.
   * @throws Error when a file cannot be read.
   */
  addSupervisor(program: string, others: readonly string[]): string {
    const folder = join(this.path, 'supervisor');
    mkdirSync(folder, { mode: 0o755, recursive: true });
    for (const source of [program, ...others]) {
      const copy = join(folder, basename(source));
      copyFileSync(source, copy, constants.COPYFILE_FICLONE);
      chmodSync(copy, source === program ? 0o755 : 0o644);
    }
    return folder;
  }

  /**
   * Real pipes, because what Node makes for a child are sockets, and those cannot be opened by name: `/dev/stdout` and
   * `/dev/stderr` would fail in every language. One run at a time may use a name.
   */
  async openPipes(name: string, reports: boolean): Promise<OutputPipes> {
    const path = (suffix: string) => this.privatePath(`${name}.${suffix}`);
    const [out, err, report] = [path('out'), path('err'), path('report')] as const;
    await this.makePipes([out, err, ...(reports ? [report] : [])]);
    return { stdout: openPipe(out), stderr: openPipe(err), report: reports ? openPipe(report) : null };
  }

  /** For a program that is told something while it runs. One run at a time may use a name. */
  async openInputPipe(name: string): Promise<InputPipe> {
    const path = this.privatePath(`${name}.in`);
    await this.makePipes([path]);
    const { O_RDONLY, O_WRONLY, O_NONBLOCK } = constants;
    // A writer can be had without waiting only where there is a reader, and a reader that blocks only where there is a writer.
    const first = openSync(path, O_RDONLY | O_NONBLOCK);
    try {
      const writer = openSync(path, O_WRONLY | O_NONBLOCK);
      try {
        return { reader: openSync(path, O_RDONLY), writer };
      } catch (error) {
        closeSync(writer);
        throw error;
      }
    } finally {
      closeSync(first);
    }
  }

  /** Takes the names of pipes away that were opened by {@link openPipes} and {@link openInputPipe}; who has them open keeps them. */
  removePipes(name: string): void {
    for (const suffix of ['in', 'out', 'err']) {
      const path = this.privatePath(`${name}.${suffix}`);
      rmSync(path, { force: true });
      this.madePipes.delete(path);
    }
  }

  /** Made once for each name: between runs they are empty, because a pipe that nobody holds forgets what was in it. */
  private async makePipes(paths: readonly string[]): Promise<void> {
    const missing = paths.filter((pipe) => !this.madePipes.has(pipe));
    if (missing.length === 0) return;
    // The mode lets programs open them again by name; the folder keeps everybody else away.
    await runFile('/usr/bin/mkfifo', ['-m', '666', ...missing], { env: {} });
    for (const pipe of missing) this.madePipes.add(pipe);
  }

  /**
   * A file that has content but no name, gone with its last descriptor even if the worker is killed. What is returned
   * keeps it; {@link reopen} gives descriptors to read it from its start.
   *
   * Standard input is such a file and no pipe: a program that opens `/dev/stdin` would wait for ever for a writer of a
   * named pipe that has been fed already, and there is nobody to feed a program that reads slowly.
   */
  createNameless(content: Buffer): number {
    const path = this.privatePath(`nameless-${process.hrtime.bigint()}`);
    const descriptor = openSync(path, 'wx+');
    try {
      unlinkSync(path);
      // Readable for whoever opens /dev/stdin, writable for nobody. A program of our own user could change that, and then
      // write as much as its file size limit allows; nobody reads it.
      fchmodSync(descriptor, 0o444);
      writeFileSync(descriptor, content);
      return descriptor;
    } catch (error) {
      closeSync(descriptor);
      throw error;
    }
  }

  /** A folder that nobody but the worker's own user can enter. */
  makePrivateFolder(name: string): string {
    const path = this.privatePath(name);
    mkdirSync(path, { recursive: true, mode: 0o700 });
    return path;
  }

  private privatePath(name: string): string {
    return join(this.path, 'private', name);
  }

  remove(): void {
    rmSync(this.path, { recursive: true, force: true });
  }
}

function openPipe(path: string): OutputPipe {
  const { O_RDONLY, O_WRONLY, O_NONBLOCK } = constants;
  // The reader first: opening a writer would wait for it.
  const reader = openSync(path, O_RDONLY | O_NONBLOCK);
  return { reader, writer: openSync(path, O_WRONLY) };
}

/** An interpreter in somebody's home is out of reach for a program's user, so that a copy is shown. */
function reachableCopy(source: string, scratch: string, index: number): string {
  if (isReachableByAll(source)) return source;
  const copy = join(scratch, `runtime-${index}`);
  copyFileSync(source, copy, constants.COPYFILE_FICLONE);
  chmodSync(copy, 0o755);
  return copy;
}

/**
 * Builds what programs see as `/`, besides what is mounted on it. Its `/etc` is our own: names of the host's users are no
 * business of theirs.
 * @returns folders of the host to be mounted under the same path.
 */
function makeRootFolder(root: string): readonly string[] {
  for (const folder of [
    '',
    'usr',
    'etc',
    'proc',
    'dev',
    'tmp',
    'run',
    WORKING_FOLDER,
    PROTECTED_FOLDER,
    TOOLBOX_FOLDER,
  ]) {
    mkdirSync(join(root, folder));
  }
  const systemFolders = ['/usr'];
  for (const folder of BASE_FOLDERS) {
    const host = `/${folder}`;
    const status = lstatSync(host, { throwIfNoEntry: false });
    if (status === undefined) continue;
    if (status.isSymbolicLink()) {
      symlinkSync(readlinkSync(host), join(root, folder));
    } else {
      mkdirSync(join(root, folder));
      systemFolders.push(host);
    }
  }

  mkdirSync(join(root, SUPERVISOR_FOLDER));
  const device = (name: string) => join(root, 'dev', name);
  for (const name of DEVICE_MOUNT_POINTS) writeFileSync(device(name), '');
  symlinkSync('/proc/self/fd', device('fd'));
  ['stdin', 'stdout', 'stderr'].forEach((name, number) => symlinkSync(`/proc/self/fd/${number}`, device(name)));
  // One limit for both, and one mount less.
  symlinkSync('/tmp', device('shm'));
  // Autograders made for Gradescope name this folder in their code; it is there where a test makes it.
  symlinkSync('/tmp/autograder', join(root, 'autograder'));

  const etc = (name: string) => join(root, 'etc', name);
  writeFileSync(etc('passwd'), `box:x:${INSIDE_UID}:${INSIDE_UID}:box:${WORKING_FOLDER}:/bin/sh\n`);
  writeFileSync(etc('group'), `box:x:${INSIDE_UID}:\n`);
  writeFileSync(etc('hosts'), '127.0.0.1 localhost box\n::1 localhost\n');
  writeFileSync(etc('nsswitch.conf'), 'passwd: files\ngroup: files\nhosts: files\n');
  // Without the loader's cache, every start of a program looks for its libraries one folder after the other.
  copyIfThere('/etc/ld.so.cache', etc('ld.so.cache'));
  copyIfThere('/etc/alternatives', etc('alternatives'));
  for (const name of readdirSync('/etc').filter((entry) => /^java-.+-openjdk$/.test(entry))) {
    copyIfThere(`/etc/${name}`, etc(name));
  }
  try {
    writeFileSync(etc('localtime'), readFileSync('/etc/localtime'));
  } catch {
    // UTC then.
  }
  return systemFolders;
}

/** A descriptor of its own for an open file, read-only and at the start: two holders of one would share its position. */
export function reopen(descriptor: number): number {
  return openSync(`/proc/self/fd/${descriptor}`, 'r');
}
