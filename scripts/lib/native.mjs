import { copyFile, mkdir, readdir, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { findProgram, root, run, tail } from './processes.mjs';
import { say } from './progress.mjs';

const SOURCES = join(root, 'native');
const TEMPLATE = join(SOURCES, 'template');
const BUILT = join(root, 'dist', 'native');

/** Static where the C library can be linked so: inside the sandbox it then needs nothing of the host. */
const LINKINGS = [['-static'], []];

/** What is compiled, from which folder, and what its absence costs. The sandbox looks for them below dist/native/. */
const PROGRAMS = [
  {
    name: 'assay-supervisor',
    folders: [SOURCES],
    linkings: LINKINGS,
    loss: 'The supervisor of the sandbox was not built, so grading will be slower.',
  },
  {
    // What a Python interpreter loads to be a template (native/lane.h), beside the file that makes it do so.
    name: join('template', 'assay-supervisor.so'),
    folders: [SOURCES, TEMPLATE],
    without: ['main.c'],
    linkings: [['-shared', '-fPIC']],
    beside: [join(TEMPLATE, 'sitecustomize.py')],
    loss: 'The template of the sandbox was not built, so grading Python will be slower.',
  },
  {
    name: 'assay-prober',
    folders: [join(SOURCES, 'prober')],
    linkings: LINKINGS,
    loss: "The prober of the sandbox's self-test was not built, so the self-test tries less.",
  },
  {
    name: 'assay-huge-pages',
    folders: [join(SOURCES, 'huge-pages')],
    linkings: LINKINGS,
    loss: 'The program that puts interpreters into huge pages was not built, so grading JavaScript will be slower.',
  },
];

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

/**
 * Compiles the native programs of the sandbox. Without a C compiler there are none; submissions are then graded all the same,
 * slower, and the self-test tries less, which the worker says at its start.
 */
export async function buildNative() {
  if (process.platform !== 'linux') return;
  const compiler = await findProgram('cc', 'gcc', 'clang');
  for (const { name, folders, without = [], linkings, beside = [], loss } of PROGRAMS) {
    const sources = (await Promise.all(folders.map(sourcesIn)))
      .flat()
      .filter((path) => !without.includes(basename(path)));
    if (sources.length === 0) continue;
    const complaint =
      compiler === null ? 'There is no C compiler.' : await compile(compiler, linkings, sources, join(BUILT, name));
    if (complaint === null) {
      for (const path of beside) await copyFile(path, join(BUILT, dirname(name), basename(path)));
      continue;
    }
    say(`${loss} To have it: apt-get install gcc libc6-dev, then npm run build\n${complaint}`);
  }
}

async function sourcesIn(folder) {
  const names = await readdir(folder).catch(() => []);
  return names.filter((name) => name.endsWith('.c')).map((name) => join(folder, name));
}

/** Null when it was compiled, else what the compiler says. */
async function compile(compiler, linkings, sources, program) {
  await mkdir(dirname(program), { recursive: true });
  // Never half a program under the name that a worker starts.
  const made = `${program}.${process.pid}`;
  let complaint = '';
  try {
    for (const linking of linkings) {
      const { status, output } = await run(compiler, [...FLAGS, ...linking, '-o', made, ...sources]);
      if (status === 0) {
        await rename(made, program);
        return null;
      }
      complaint = tail(output);
    }
    return complaint;
  } finally {
    await rm(made, { force: true });
  }
}
