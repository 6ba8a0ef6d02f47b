import { mkdir, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { findProgram, root, run, tail } from './processes.mjs';
import { say } from './progress.mjs';

const SOURCES = join(root, 'native');

/** Where the sandbox looks for it (src/sandbox/supervisor-program.ts). */
export const SUPERVISOR = join(root, 'dist', 'native', 'assay-supervisor');

/** Untrusted programs run beside it: every check that costs next to nothing. */
const FLAGS = [
  '-std=gnu17',
  '-O2',
  '-Wall',
  '-Wextra',
  '-Werror=implicit-function-declaration',
  '-fstack-protector-strong',
  '-D_FORTIFY_SOURCE=2',
];

/** Static where the C library can be linked so: inside the sandbox it then needs nothing of the host. */
const LINKINGS = [['-static'], []];

/**
 * Compiles the supervisor of the sandbox. Without a C compiler there is none; programs are then graded all the same, slower,
 * which the worker says at its start.
 */
export async function buildSupervisor() {
  if (process.platform !== 'linux') return;
  const sources = (await readdir(SOURCES).catch(() => []))
    .filter((name) => name.endsWith('.c'))
    .map((name) => join(SOURCES, name));
  if (sources.length === 0) return;
  const compiler = await findProgram('cc', 'gcc', 'clang');
  const complaint = compiler === null ? 'There is no C compiler.' : await compile(compiler, sources);
  if (complaint === null) return;
  say(
    `The supervisor of the sandbox was not built, so grading will be slower. To have it: apt-get install gcc libc6-dev, then npm run build\n${complaint}`,
  );
}

/** Null when it was compiled, else what the compiler says. */
async function compile(compiler, sources) {
  await mkdir(join(SUPERVISOR, '..'), { recursive: true });
  // Never half a program under the name that a worker starts.
  const made = `${SUPERVISOR}.${process.pid}`;
  let complaint = '';
  try {
    for (const linking of LINKINGS) {
      const { status, output } = await run(compiler, [...FLAGS, ...linking, '-o', made, ...sources]);
      if (status === 0) {
        await rename(made, SUPERVISOR);
        return null;
      }
      complaint = tail(output);
    }
    return complaint;
  } finally {
    await rm(made, { force: true });
  }
}
