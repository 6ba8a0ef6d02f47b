import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFile, chmod, mkdir, mkdtemp, readFile, rm, statfs, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { stripVTControlCharacters } from 'node:util';
import { findProgram, root, runOrFail } from './processes.mjs';
import { CommandFailure, say } from './progress.mjs';
import { ensureSystemTools } from './system-packages.mjs';

const INIT = join(root, 'test', 'cgroup-v2', 'init.sh');
const WIDE_REGISTERS = join(root, 'test', 'cgroup-v2', 'wide-registers.c');

/** Taken from the machine as it is used. The largest test needs 512 MiB, the tests themselves about as much. */
export const MEMORY_MIB = 1536;

/** A kernel whose tests say nothing for so long is ended, and the run has failed. A single test takes three at most. */
const LONGEST_SILENCE_MS = 10 * 60_000;

const MIB = 1024 * 1024;

/** The kernel as a program. Throws where it cannot be had, with what to install. */
export async function ensureUserModeLinux() {
  if (process.arch !== 'x64') {
    throw new CommandFailure(
      `User-mode Linux exists for x86-64 only, not for ${process.arch}: run this on a machine with cgroup v2.`,
    );
  }
  await ensureSystemTools([
    {
      title: 'a Linux kernel that runs as a program',
      debian: 'user-mode-linux',
      isThere: async () => (await findProgram('linux.uml')) !== null,
    },
  ]);
  return findProgram('linux.uml');
}

/**
 * A folder with what one kernel needs to start and a place for what it finds, below the system's temporary folder.
 *
 * @param {{ uid: number, isWhole: boolean, vitestArguments: readonly string[] }} options
 */
export async function prepareFolder({ uid, isWhole, vitestArguments }) {
  const folder = await mkdtemp(join(tmpdir(), 'assay-cgroup-v2-'));
  // The kernel's command line and mount's options know no quotes.
  if (/[^\w./-]/.test(folder)) {
    await rm(folder, { recursive: true });
    throw new CommandFailure(
      `The temporary folder ${folder} has characters that a kernel's command line cannot hold: set TMPDIR=/tmp`,
    );
  }
  await copyFile(INIT, join(folder, 'init'));
  await chmod(join(folder, 'init'), 0o755);
  await mkdir(join(folder, 'kernel'));
  const settings = {
    PROJECT: root,
    NODE_FOLDER: dirname(process.execPath),
    NODE_NAME: basename(process.execPath),
    TEST_USER: String(uid),
    IS_WHOLE: isWhole ? '1' : '0',
    // Quoted twice: read once by the shell as a setting, once more as arguments.
    VITEST_ARGUMENTS: vitestArguments.map(quoted).join(' '),
  };
  const lines = Object.entries(settings).map(([name, value]) => `${name}=${quoted(value)}\n`);
  await writeFile(join(folder, 'settings'), lines.join(''));
  await runOrFail(
    await findProgram('cc', 'gcc', 'clang'),
    ['-O2', '-Wall', '-shared', '-fPIC', '-o', join(folder, 'wide-registers.so'), WIDE_REGISTERS],
    { failure: `Could not compile ${WIDE_REGISTERS}. Install gcc and libc6-dev, then run this again.` },
  );
  return folder;
}

/** @param {string} text */
function quoted(text) {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}

/**
 * Runs a kernel to its end; what it and its programs say goes out line by line after `name`. Resolves to null, or to why it
 * was ended before.
 *
 * One core only: kernel and programs take turns for every page and system call, which takes five times as long when each
 * turn wakes another core.
 *
 * @param {{ name: string, kernel: string, folder: string, cpu: number, cleanup: import('./cleanup.mjs').Cleanup }} options
 */
export async function bootToTheEnd({ name, kernel, folder, cpu, cleanup }) {
  const taskset = await findProgram('taskset');
  if (taskset === null) {
    throw new CommandFailure('There is no taskset: apt-get install util-linux, then run this again.');
  }
  const child = spawn(
    taskset,
    [
      '--cpu-list',
      String(cpu),
      kernel,
      `mem=${MEMORY_MIB}M`,
      'root=/dev/root',
      'rootfstype=hostfs',
      'rootflags=/',
      'ro',
      `init=${join(folder, 'init')}`,
      `ASSAY_FOLDER=${folder}`,
      `uml_dir=${join(folder, 'kernel')}`,
      'con=null',
      'con0=null,fd:1',
      'ssl=null',
      'selinux=0',
      'quiet',
      // Kills for memory are what the tests are about, and no news.
      'loglevel=3',
    ],
    {
      env: { PATH: process.env.PATH, LD_PRELOAD: join(folder, 'wide-registers.so'), ...(await memoryFolder()) },
      stdio: ['ignore', 'pipe', 'pipe'],
      // Its processes are processes of the machine: one group, so that all can be ended.
      detached: true,
    },
  );
  let ended = null;
  const end = (reason) => {
    ended ??= reason;
    try {
      process.kill(-child.pid, 'SIGKILL');
    } catch (error) {
      if (error.code !== 'ESRCH') throw error;
    }
  };
  const timer = setTimeout(() => end(`it said nothing for ${LONGEST_SILENCE_MS / 60_000} minutes`), LONGEST_SILENCE_MS);
  cleanup.add(() => end('interrupted'));
  for (const stream of [child.stdout, child.stderr]) {
    createInterface({ input: stream }).on('line', (line) => {
      if (ended === null) timer.refresh();
      const text = stripVTControlCharacters(line).trimEnd();
      if (text !== '') say(`[${name}] ${text}`);
    });
  }
  try {
    await once(child, 'close');
  } finally {
    clearTimeout(timer);
    if (child.pid !== undefined) end('done');
  }
  return ended === 'done' ? null : ended;
}

/** The kernel's memory is a file: in memory, where there is room, else in the temporary folder. */
async function memoryFolder() {
  const { bavail, bsize } = await statfs('/dev/shm').catch(() => ({ bavail: 0, bsize: 0 }));
  return { TMPDIR: bavail * bsize > 2 * MEMORY_MIB * MIB ? '/dev/shm' : tmpdir() };
}

/** Cores that this process may use. */
export async function usableCpus() {
  const status = await readFile('/proc/self/status', 'latin1');
  const list = /^Cpus_allowed_list:\s*(.*)$/m.exec(status)?.[1] ?? '0';
  return list.split(',').flatMap((range) => {
    const [first, last = first] = range.split('-').map(Number);
    return Array.from({ length: last - first + 1 }, (_, index) => first + index);
  });
}
