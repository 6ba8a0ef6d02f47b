import type { RunLimits } from '../limits.js';
import type { SandboxStep } from '../sandbox.js';
import { broken, endOf, type Experiment, held, type Judgement, linesOf, type Probe, textOf } from './probe.js';
import { probeLimits } from './probe-limits.js';

/** Reported in KiB and MiB, counted in bytes. */
const KIB = 1024;
const MIB = 1024 * KIB;

const OUTPUT_KIB = 8;
const DISK_MIB = 2;
const PROCESSES = 8;
/** More than any run may have; `ulimit` calls it a limit of open files all the same. */
const MOST_OPEN_FILES = 65_536;

/** Held where the named step ended by the limit; what else it must satisfy is `also`. */
function endedBy(kind: string, outcome: Parameters<typeof endOf>[0], also = true): Judgement {
  return outcome?.kind === kind && also ? held(endOf(outcome)) : broken(`a trial program ended with ${endOf(outcome)}`);
}

const shell = (script: string, limits: Partial<RunLimits> = {}): Pick<SandboxStep, 'argv' | 'limits'> => ({
  argv: ['/bin/sh', '-c', script],
  limits: probeLimits(limits),
});

const experiment = (name: string, ...steps: readonly Pick<SandboxStep, 'argv' | 'limits'>[]): Experiment => ({
  name,
  steps: () => steps,
});

const CGROUP_CURE =
  'Give the worker a cgroup of its own with the memory, pids and cpu controllers (Delegate=yes in a systemd unit; a writable cgroup in a container), as docs/sandbox.md shows.';
const SANDBOX_CURE =
  'Update bubblewrap (0.8 or later) and Assay, and run "npm run sandbox:check" again; do not grade on this machine until it holds.';

/** Limits that every driver must hold, and those that hang on what the machine gives. */
export const LIMIT_PROBES: readonly Probe[] = [
  {
    name: 'cpuTime',
    promise: 'CPU time is limited, and what a program used is told',
    essential: true,
    cure: SANDBOX_CURE,
    experiment: experiment('busy loop', shell('while :; do :; done', { cpuTimeMs: 100 })),
    judge: ({ outcomes: [run] }) => endedBy('cpu_limit', run, (run?.cpuTimeMs ?? 100) >= 100),
  },
  {
    name: 'hiddenCpuTime',
    promise: 'CPU time counts for all processes together, also for those that nobody waits for',
    essential: ({ cgroup }) => cgroup !== 'none',
    cure: CGROUP_CURE,
    experiment: experiment(
      'children that hide their CPU time',
      shell(
        `trap '' CHLD; for i in 1 2 3; do (setsid sh -c 'while :; do :; done' "$0" &) ; done; while :; do sleep 0.05; done`,
        { cpuTimeMs: 200, wallTimeMs: 2_000 },
      ),
    ),
    judge: ({ outcomes: [run] }) => endedBy('cpu_limit', run),
  },
  {
    name: 'elapsedTime',
    promise: 'Elapsed time is limited, and what was written until then is kept',
    essential: true,
    cure: SANDBOX_CURE,
    experiment: experiment('sleeper', shell('trap "" TERM INT; echo begun; sleep 100', { wallTimeMs: 250 })),
    judge: ({ outcomes: [run] }) => endedBy('wall_limit', run, textOf(run) === 'begun\n'),
  },
  {
    name: 'memoryOfOne',
    promise: 'Memory of a program is limited',
    essential: true,
    cure: CGROUP_CURE,
    experiment: experiment('memory of one', {
      argv: ['/usr/bin/tail', '/dev/zero'],
      limits: probeLimits({ memoryMiB: 24 }),
    }),
    judge: ({ outcomes: [run], capabilities }) =>
      // Without cgroups the program is told that there is no more, and may end as it likes.
      capabilities.memory === 'tree' || run?.kind === 'memory_limit'
        ? endedBy('memory_limit', run)
        : run?.kind === 'signalled' || (run?.kind === 'exited' && run.exitCode !== 0)
          ? held(endOf(run))
          : broken(`a program that takes memory without end ended with ${endOf(run)}`),
  },
  {
    name: 'memoryOfTree',
    promise: 'Memory counts for all processes together',
    essential: ({ memory }) => memory === 'tree',
    cure: CGROUP_CURE,
    experiment: experiment(
      'memory of several',
      shell(
        `for i in 1 2 3 4 5 6 7 8; do (held=$(head -c 3000000 /dev/zero | tr '\\0' x); sleep 1) & done; wait; echo all`,
        { memoryMiB: 16, processes: 64, wallTimeMs: 3_000 },
      ),
    ),
    judge: ({ outcomes: [run] }) => endedBy('memory_limit', run),
  },
  {
    name: 'processes',
    promise: 'The number of processes is limited: one more is refused',
    essential: true,
    cure: CGROUP_CURE,
    experiment: experiment(
      'many processes',
      shell(`i=0; while [ $i -lt 64 ]; do sleep 9 & i=$((i+1)); echo "made $i"; done 2>/dev/null; echo all`, {
        processes: PROCESSES,
        wallTimeMs: 1_000,
      }),
    ),
    judge: ({ outcomes: [run] }) => {
      const made = linesOf(run, 'made').length;
      return run?.kind === 'exited' && made > 0 && made < 2 * PROCESSES && !textOf(run).includes('all')
        ? held(`${made} of ${PROCESSES} besides the first`)
        : broken(`with a limit of ${PROCESSES}, ${made} children could be started; the trial ended with ${endOf(run)}`);
    },
  },
  {
    name: 'forkBomb',
    promise: 'A fork bomb stays bounded, and the next program runs as if it had not been',
    essential: true,
    cure: CGROUP_CURE,
    experiment: experiment(
      'fork bomb',
      shell('bomb() { bomb | bomb & }; bomb 2>/dev/null; while :; do :; done', { cpuTimeMs: 250, wallTimeMs: 700 }),
      shell('echo well'),
    ),
    judge: ({ outcomes: [bomb, next] }) =>
      (bomb?.kind === 'cpu_limit' || bomb?.kind === 'wall_limit' || bomb?.kind === 'exited') &&
      textOf(next) === 'well\n'
        ? held(`ended by ${bomb.kind}`)
        : broken(`the bomb ended with ${endOf(bomb)}, and the program after it with ${endOf(next)}`),
  },
  {
    name: 'output',
    promise: 'Standard output and standard error are each cut at their limit, to the byte',
    essential: true,
    cure: SANDBOX_CURE,
    experiment: experiment(
      'endless output',
      shell('echo err >&2; exec cat /dev/zero', { outputKiB: OUTPUT_KIB }),
      shell('exec cat /dev/zero >&2', { outputKiB: OUTPUT_KIB }),
      shell(`head -c ${OUTPUT_KIB * KIB} /dev/zero`, { outputKiB: OUTPUT_KIB }),
    ),
    judge: ({ outcomes: [out, err, whole] }) => {
      const bytes = OUTPUT_KIB * KIB;
      const isCut =
        out?.kind === 'output_limit' && out.stdout.length === bytes && out.stdoutTruncated && out.stderr.length === 4;
      const isErrorCut = err?.kind === 'output_limit' && err.stderr.length === bytes && err.stderrTruncated;
      const isWhole = whole?.kind === 'exited' && whole.stdout.length === bytes && !whole.stdoutTruncated;
      return isCut && isErrorCut && isWhole
        ? held(`${bytes} bytes each`)
        : broken(
            `of a limit of ${bytes}, kept were ${out?.stdout.length ?? 0}, ${err?.stderr.length ?? 0} and ${whole?.stdout.length ?? 0}; ended with ${endOf(out)}`,
          );
    },
  },
  {
    name: 'disk',
    promise: 'The bytes that a program can store are limited',
    essential: true,
    cure: SANDBOX_CURE,
    experiment: experiment(
      'full disk',
      shell(
        'for f in /box/x /tmp/x /dev/shm/x; do cat /dev/zero 2>/dev/null >$f; echo "size $(wc -c <$f)"; rm -f $f; done',
        { diskMiB: DISK_MIB },
      ),
    ),
    judge: ({ outcomes: [run] }) => {
      const sizes = linesOf(run, 'size').map(Number);
      return run?.kind === 'exited' && sizes.length === 3 && sizes.every((size) => size <= DISK_MIB * MIB)
        ? held(`${DISK_MIB} MiB in each folder`)
        : broken(`of a limit of ${DISK_MIB} MiB, ${sizes.join(', ')} bytes were stored; ended with ${endOf(run)}`);
    },
  },
  {
    name: 'openFiles',
    promise: 'Open files are limited, and the limit cannot be raised',
    essential: true,
    cure: SANDBOX_CURE,
    experiment: experiment(
      'open files',
      shell('echo "most $(ulimit -Hn)"; ulimit -n 1000000 2>/dev/null && echo raised; :'),
    ),
    judge: ({ outcomes: [run] }) => {
      const most = Number(linesOf(run, 'most')[0]);
      return most > 0 && most <= MOST_OPEN_FILES && !textOf(run).includes('raised')
        ? held(`${most} in a process`)
        : broken(`a process may have ${linesOf(run, 'most')[0] ?? 'an unknown number of'} files open`);
    },
  },
  {
    name: 'coreFiles',
    promise: 'A program that crashes leaves no memory image, and its signal is told',
    essential: true,
    cure: SANDBOX_CURE,
    experiment: experiment(
      'crash',
      shell('echo "most $(ulimit -Hc)"; kill -SEGV $$'),
      shell('sh -c "kill -SEGV \\$\\$" 2>/dev/null; for f in /box/* /tmp/*; do [ -e "$f" ] && echo "left $f"; done; :'),
    ),
    judge: ({ outcomes: [crash, after] }) =>
      linesOf(crash, 'most')[0] === '0' && crash?.signal === 'SIGSEGV' && linesOf(after, 'left').length === 0
        ? held('none')
        : broken(
            `core files up to ${linesOf(crash, 'most')[0] ?? '?'} blocks; ended with ${endOf(crash)}; left ${linesOf(after, 'left').join(', ') || 'nothing'}`,
          ),
  },
  {
    name: 'crashHelper',
    promise: 'A crash starts no helper program on the host',
    essential: false,
    cure: 'The kernel starts such a helper as root, outside of the sandbox, for every program that crashes. On a machine that grades: sysctl kernel.core_pattern=core',
    experiment: null,
    judge: ({ host: { corePattern } }) => {
      if (corePattern === null) return { holds: 'not-run', detail: '/proc/sys/kernel/core_pattern cannot be read' };
      return corePattern.startsWith('|')
        ? broken('kernel.core_pattern is a pipe to a program')
        : held('kernel.core_pattern is no pipe');
    },
  },
];
