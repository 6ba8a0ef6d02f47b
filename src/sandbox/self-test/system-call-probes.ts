import type { RunOutcome } from '../run-outcome.js';
import type { SandboxStep } from '../sandbox.js';
import { broken, endOf, type Experiment, held, type Judgement, linesOf, type Probe, PROBER, textOf } from './probe.js';
import { probeLimits } from './probe-limits.js';

/** Fewer attempts than this: a prober of another version, or one that was cut short. */
const FEWEST_CALLS = 30;
const FEWEST_SOCKETS = 10;

/** Above what any file system of a run may hold (`native/stub.c`). */
const MOST_ENTRIES = 80_000;

/**
 * Attempts that a kernel refuses without a filter, for want of a privilege. Where a driver has no filter, these are what
 * must be refused all the same.
 */
const PRIVILEGED = new Set(
  'mount_memory remount_root unmount_proc turn_root change_root open_file_system change_mount make_device trace_first be_root be_root_group name_host use_swap load_module raise_limit stop_machine'.split(
    ' ',
  ),
);

const FILTER_CURE =
  'The system-call filter does not refuse what it should: use x86-64 or arm64, update Assay, and do not grade on this machine until it holds.';

function prober(name: string, argv: readonly string[], limits: SandboxStep['limits'] = probeLimits()): Experiment {
  return { name, needsProber: true, steps: () => [{ argv: [PROBER, ...argv], limits }] };
}

/** `name outcome…` of each attempt. */
function attemptsOf(outcome: RunOutcome | undefined): readonly (readonly [name: string, result: string])[] {
  return textOf(outcome)
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => {
      const space = line.indexOf(' ');
      return [line.slice(0, space), line.slice(space + 1)] as const;
    });
}

/** `unknown` is no refusal: unknown is never success. */
const isRefused = (result: string): boolean => /^(?:refused \d+|absent|killed \d+)$/.test(result);

function allRefused(outcome: RunOutcome | undefined, fewest: number, counts: (name: string) => boolean): Judgement {
  const attempts = attemptsOf(outcome);
  if (outcome?.kind !== 'exited' || attempts.length < fewest) {
    return broken(`the prober could not end: ${endOf(outcome)}`);
  }
  const tried = attempts.filter(([name]) => counts(name));
  const allowed = tried.filter(([, result]) => !isRefused(result)).map(([name]) => name);
  return allowed.length === 0 ? held(`${tried.length} tried, all refused`) : broken(`allowed: ${allowed.join(', ')}`);
}

const calls = prober('system calls', ['calls'], probeLimits({ processes: 8 }));

/** What only a program of its own can try; not run where none was built. */
export const SYSTEM_CALL_PROBES: readonly Probe[] = [
  {
    name: 'privilegedCalls',
    promise: 'Mounting, becoming root, devices, raising limits and reaching the first process are refused',
    essential: true,
    cure: FILTER_CURE,
    experiment: calls,
    judge: ({ outcomes: [run] }) => allRefused(run, FEWEST_CALLS, (name) => PRIVILEGED.has(name)),
  },
  {
    name: 'dangerousCalls',
    promise: 'New namespaces, tracing, keyrings, io_uring, bpf and the like are refused',
    essential: ({ seccomp }) => seccomp,
    cure: FILTER_CURE,
    experiment: calls,
    judge: ({ outcomes: [run] }) => allRefused(run, FEWEST_CALLS, (name) => !PRIVILEGED.has(name)),
  },
  {
    name: 'socketFamilies',
    promise: 'Sockets that no network namespace confines are refused',
    essential: ({ seccomp }) => seccomp,
    cure: FILTER_CURE,
    experiment: prober('socket families', ['sockets']),
    judge: ({ outcomes: [run] }) => allRefused(run, FEWEST_SOCKETS, () => true),
  },
  {
    name: 'network',
    promise: 'A program reaches neither the host nor any other machine',
    essential: true,
    cure: 'Do not grade on this machine until it holds: update bubblewrap and the kernel, and look at docs/sandbox.md.',
    experiment: {
      name: 'connections',
      needsProber: true,
      steps: ({ listeningPort }) => [{ argv: [PROBER, 'connect', String(listeningPort)], limits: probeLimits() }],
    },
    // 110 is ETIMEDOUT: a packet went out and nobody answered in time.
    judge: ({ outcomes: [run] }) => {
      const lost = attemptsOf(run).filter(([, result]) => /^refused (?:110|115)$/.test(result));
      return lost.length > 0
        ? broken(`packets find a way to ${lost.map(([name]) => name).join(', ')}`)
        : allRefused(run, 4, () => true);
    },
  },
  {
    name: 'openFilesCounted',
    promise: 'A program that opens files without end is stopped by their number',
    essential: true,
    cure: 'Update Assay, and do not grade on this machine until it holds.',
    experiment: prober('files without end', ['files']),
    judge: ({ outcomes: [run] }) => {
      const open = Number(linesOf(run, 'open')[0]);
      return open > 0 && open < 65_536 ? held(`${open}`) : broken(`${open} files were open; ended with ${endOf(run)}`);
    },
  },
  {
    name: 'fileEntries',
    promise: 'The number of files that a program can make is limited',
    // Where nothing counts the memory of all together, nothing counts these either.
    essential: ({ memory }) => memory === 'tree',
    cure: 'Give the worker a cgroup of its own with the memory controller, as docs/sandbox.md shows.',
    experiment: prober('small files without end', ['entries', String(MOST_ENTRIES)], probeLimits({ memoryMiB: 40 })),
    judge: ({ outcomes: [run] }) => {
      if (run?.kind === 'memory_limit') return held('by the memory that they take');
      const made = Number(linesOf(run, 'entries')[0]);
      return made > 0 && made < MOST_ENTRIES
        ? held(`${made}`)
        : broken(`${made} files could be made; ended with ${endOf(run)}`);
    },
  },
];
