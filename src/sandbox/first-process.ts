import { WORKING_FOLDER } from './bubblewrap-arguments.js';

/**
 * Descriptors of the first process inside the sandbox. None is above 9, because a POSIX shell cannot name higher ones, but for
 * those that bubblewrap reads to their end and closes: `seccomp`, and one for each protected file from `protectedFiles` on.
 *
 * `status` is standard error: what bubblewrap, `tar` and the shell complain of comes in one ordered stream with the
 * shell's own lines (see {@link parseStatus}). The program gets its own standard error from `programStderr`. `report` has the
 * number under which the program finds it.
 */
export const DESCRIPTORS = {
  stdin: 0,
  stdout: 1,
  status: 2,
  report: 3,
  archive: 4,
  programStderr: 5,
  join: [6, 7, 8],
  collect: 9,
  seccomp: 10,
  protectedFiles: 11,
} as const;

/** What lies above is not the first process's. */
export const HIGHEST_DESCRIPTOR = DESCRIPTORS.seccomp;

/** Limits of a single process: the second line behind the cgroups, the only one where there are none. */
export interface ProcessLimits {
  readonly cpuSeconds: number;
  readonly processes: number;
  readonly fileSizeMiB: number;
  /** Writable private memory of each process; null where a cgroup limits the whole tree. */
  readonly dataMiB: number | null;
}

export interface FirstProcessOptions {
  readonly limits: ProcessLimits;
  /** How many of `DESCRIPTORS.join` are open. */
  readonly cgroups: number;
  /** Send the working folder back when the program has ended. */
  readonly collect: boolean;
  /** Report the CPU time of the children, because nobody outside can measure it. */
  readonly reportTimes: boolean;
  /** The program gets `DESCRIPTORS.report`. */
  readonly reports: boolean;
  /** Open descriptors above those of the sandbox that are no business of the program. To close them takes a shell that can name them: bash. */
  readonly strayDescriptors: readonly number[];
  /** How many `NAME=value` arguments come before the program's. */
  readonly environmentCount: number;
}

const OPEN_FILES = 512;
/** Deep recursion is a student's first idea. Threads get as much, which costs nothing until they use it… */
const STACK_KIB = 64 * 1024;
/** …unless reserved memory is what is limited; then Node could not start its threads, and would wait for ever. */
const STACK_KIB_WITH_DATA_LIMIT = 8 * 1024;
const LOCKED_KIB = 64;

const READY = 'assay:ready';
const EXIT = 'assay:exit';
const COLLECTED = 'assay:collected';

/** POSIX says blocks of 512 bytes, and shells called `sh` obey. */
const BLOCKS_PER_MIB = 2048;

/**
 * Ends all that the program left and waits until it is dead, so that nothing writes while the folder is read. `kill -1`
 * spares its caller and is atomic against forks. A killed process may still be in the kernel: only a zombie is harmless.
 * What cannot be read as a zombie counts as alive; the caller outside has the time limit.
 */
const END_LEFTOVERS = `while :; do
  kill -9 -1 2>/dev/null
  alive=
  for file in /proc/[0-9]*/stat; do
    [ "$file" = /proc/1/stat ] && continue
    { read -r line <"$file"; } 2>/dev/null || continue
    case \${line##*) } in [ZX]*) ;; *) alive=1 ;; esac
  done
  [ -n "$alive" ] || break
done`;

/**
 * The script of the first process, for any POSIX `/bin/sh` (dash, bash, busybox). It is trusted; the program is its child:
 * never pid 1, which would not get signals such as SIGTERM or SIGABRT.
 *
 * Order matters: files are unpacked before the cgroups are joined, so that they are not charged to the program; limits are
 * set after that, and the ready line comes last, so that nothing of ours counts as the program's time.
 */
function firstProcessScript(options: FirstProcessOptions): string {
  const { limits } = options;
  const environment = Array.from({ length: options.environmentCount }, (_, index) => `"\${${index + 1}}"`);
  const joins = DESCRIPTORS.join.slice(0, options.cgroups);
  return [
    'umask 022',
    `tar -xf - -C ${WORKING_FOLDER} <&${DESCRIPTORS.archive} || exit 1`,
    ...joins.map((descriptor) => `echo 0 >&${descriptor} || exit 1`),
    'ulimit -c 0 || exit 1',
    `ulimit -n ${OPEN_FILES} || exit 1`,
    `ulimit -f ${limits.fileSizeMiB * BLOCKS_PER_MIB} || exit 1`,
    // A hard limit below these stays; it is only stricter.
    `ulimit -s ${limits.dataMiB === null ? STACK_KIB : STACK_KIB_WITH_DATA_LIMIT} 2>/dev/null`,
    `ulimit -l ${LOCKED_KIB} 2>/dev/null`,
    `ulimit -t ${limits.cpuSeconds} || exit 1`,
    ...(limits.dataMiB === null ? [] : [`ulimit -d ${limits.dataMiB * 1024} || exit 1`]),
    // bash says -u, dash and busybox say -p (which in bash is another limit that cannot be set).
    `ulimit -u ${limits.processes} 2>/dev/null || ulimit -p ${limits.processes} || exit 1`,
    `exec ${options.reports ? '' : `${DESCRIPTORS.report}>&- `}4<&- 6>&- 7>&- 8>&-${options.strayDescriptors.map((descriptor) => ` ${descriptor}>&-`).join('')}`,
    // A shell handles some signals while it waits, and a first process is safe only from those that it does not handle.
    "trap '' HUP INT QUIT TERM",
    `echo ${READY} >&2`,
    '(',
    `exec 2>&${DESCRIPTORS.programStderr} ${DESCRIPTORS.programStderr}>&- ${DESCRIPTORS.collect}>&-`,
    ...(environment.length === 0 ? [] : [`export ${environment.join(' ')}`, `shift ${environment.length}`]),
    'trap - HUP INT QUIT TERM',
    'exec "$@"',
    ')',
    'status=$?',
    ...(options.reportTimes ? ['times >&2'] : []),
    ...(options.collect ? [END_LEFTOVERS] : []),
    `echo ${EXIT} $status >&2`,
    ...(options.collect
      ? [
          // It complains of files that it may not read, which then are not kept; a signal's status means half an archive.
          `tar -cf - --hard-dereference -C ${WORKING_FOLDER} . >&${DESCRIPTORS.collect} 2>/dev/null`,
          `[ $? -gt 128 ] || echo ${COLLECTED} >&2`,
        ]
      : []),
    'exit 0',
  ].join('\n');
}

/**
 * Argument list of the first process.
 * @throws Error when a variable's name is not one that a shell can export.
 */
export function firstProcessCommand(
  options: Omit<FirstProcessOptions, 'environmentCount'>,
  environment: Readonly<Record<string, string>>,
  program: readonly string[],
): readonly string[] {
  const entries = Object.entries(environment);
  for (const [name] of entries) {
    if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(name)) {
      throw new Error(`the environment variable name ${JSON.stringify(name)} is not valid`);
    }
  }
  const script = firstProcessScript({ ...options, environmentCount: entries.length });
  const shell = options.strayDescriptors.length === 0 ? '/bin/sh' : '/bin/bash';
  return [shell, '-c', script, 'box', ...entries.map(([name, value]) => `${name}=${value}`), ...program];
}

/** What the first process has said so far. */
export interface Status {
  readonly ready: boolean;
  /** Status of the program as the shell gives it: 128 + n may be signal n. Null while it runs. */
  readonly exitStatus: number | null;
  /** The whole archive of the working folder was sent. */
  readonly collected: boolean;
  /** The shell announced that a signal ended the program. */
  readonly announcedSignal: boolean;
  /** CPU time of the shell's children by `times`, in milliseconds; null when not reported. */
  readonly childrenCpuTimeMs: number | null;
  /** Everything else: complaints of bubblewrap and the shell. */
  readonly complaint: string;
}

/** `1m2.500s 0m0.010s` → milliseconds. */
function parseTimes(line: string): number | null {
  const matches = [...line.matchAll(/(\d+)m([\d.]+)s/g)];
  if (matches.length !== 2) return null;
  return matches.reduce((sum, match) => sum + (Number(match[1]) * 60 + Number(match[2])) * 1000, 0);
}

/** Reads the status stream, complete or not. */
export function parseStatus(text: string): Status {
  const lines = text.split('\n');
  const complete = lines.slice(0, -1);
  const readyAt = complete.indexOf(READY);
  const exitAt = complete.findIndex((line) => line.startsWith(`${EXIT} `));
  const exitLine = complete[exitAt];
  const between = readyAt < 0 ? [] : complete.slice(readyAt + 1, exitAt < 0 ? undefined : exitAt);
  const times = between.map(parseTimes).filter((value) => value !== null);
  return {
    ready: readyAt >= 0,
    exitStatus: exitLine === undefined ? null : Number(exitLine.slice(EXIT.length + 1)),
    collected: complete.includes(COLLECTED),
    announcedSignal: between.some((line) => line !== '' && parseTimes(line) === null),
    // Its second line is the children's.
    childrenCpuTimeMs: times[1] ?? null,
    complaint: (readyAt < 0 ? lines : complete.slice(0, readyAt)).join('\n').trim(),
  };
}
