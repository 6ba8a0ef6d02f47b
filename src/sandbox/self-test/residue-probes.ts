import { broken, endOf, type Experiment, held, linesOf, type Probe, PROBER, textOf } from './probe.js';
import { probeLimits } from './probe-limits.js';

const CURE = 'Do not grade on this machine until it holds: update the kernel, bubblewrap and Assay, and report it.';

const LEAVE_FILES = `
for file in /box/left /tmp/left /dev/shm/left; do echo x >$file 2>/dev/null; done
setsid sh -c 'trap "" TERM HUP; while :; do sleep 1; done' "$0" &
echo left
`;
const LOOK_FOR_FILES = `
for file in /box/left /tmp/left /dev/shm/left; do [ -e $file ] && echo "found $file"; done
for process in /proc/[0-9]*; do
  [ "$process" = "/proc/$$" ] || [ "$process" = /proc/1 ] || { [ -r $process/cmdline ] && tr '\\0' ' ' <$process/cmdline | grep -q trap && echo "found $process"; }
done
echo looked
`;

const limits = probeLimits();

const files: Experiment = {
  name: 'files and a daemon that are left',
  steps: () => [
    { argv: ['/bin/sh', '-c', LEAVE_FILES], limits },
    { argv: ['/bin/sh', '-c', LOOK_FOR_FILES], limits },
  ],
};

const objects: Experiment = {
  name: 'objects of the kernel that are left',
  needsProber: true,
  steps: () => [
    { argv: [PROBER, 'leave'], limits },
    { argv: [PROBER, 'look'], limits },
  ],
};

/** What one program leaves, the next must not find. That nothing survives outside is looked at after every experiment. */
export const RESIDUE_PROBES: readonly Probe[] = [
  {
    name: 'daemons',
    promise: 'What a program starts in the background ends with it, and is not waited for',
    essential: true,
    cure: CURE,
    experiment: files,
    judge: ({ outcomes: [first] }) =>
      first?.kind === 'exited' && textOf(first) === 'left\n'
        ? held('ended')
        : broken(`a program with a daemon ended with ${endOf(first)}`),
  },
  {
    name: 'cleanFiles',
    promise: 'A program finds no file and no process of the one before it',
    essential: true,
    cure: CURE,
    experiment: files,
    judge: ({ outcomes: [, next] }) => {
      const found = linesOf(next, 'found');
      return textOf(next).endsWith('looked\n') && found.length === 0
        ? held('none found')
        : broken(`the next program finds ${found.join(', ') || 'nothing, but could not look'}`);
    },
  },
  {
    name: 'cleanObjects',
    promise: 'A program finds no shared memory, queue, semaphore, socket or port of the one before it',
    essential: true,
    cure: CURE,
    experiment: objects,
    judge: ({ outcomes: [first, next] }) => {
      const left = Number(linesOf(first, 'left')[0] ?? 0);
      if (left === 0) return broken(`nothing could be left to look for: ${endOf(first)}`);
      const lines = textOf(next).trim().split('\n');
      const found = lines.filter((line) => line.endsWith(' found')).map((line) => line.split(' ', 1)[0] ?? '');
      return found.length === 0 && lines.length === 6
        ? held(`${left} of 6 kinds left, none found`)
        : broken(`the next program finds ${found.join(', ') || endOf(next)}`);
    },
  },
];
