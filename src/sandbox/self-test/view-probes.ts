import {
  broken,
  endOf,
  type Experiment,
  held,
  type Judgement,
  linesOf,
  type Observation,
  type Probe,
  textOf,
  unknown,
} from './probe.js';
import { probeLimits } from './probe-limits.js';

/**
 * Says what a program sees of itself and of the machine. Its arguments are the places of the host that it must not see. What
 * it can write it leaves as it was: opening a file for appending is enough to know. (`true`, because a
 * failed redirection of `:` ends a POSIX shell.)
 */
const LOOK_AROUND = `
for file in / /usr /etc /bin /dev /run /sys /proc /var /home /root /opt /srv; do
  [ -d "$file" ] && { true >"$file/.assay-self-test"; } 2>/dev/null && rm -f "$file/.assay-self-test" && echo "writable $file"
done
for file in /etc/passwd /etc/hosts /proc/sys/kernel/core_pattern /proc/sys/kernel/hostname /proc/sysrq-trigger /proc/sys/fs/binfmt_misc/register; do
  [ -e "$file" ] && { true >>"$file"; } 2>/dev/null && echo "writable $file"
done
for file in /etc/shadow /etc/gshadow /proc/kcore /proc/1/environ /proc/1/mem; do
  { head -c 1 "$file" | grep -q .; } 2>/dev/null && echo "readable $file"
done
for place in / "$@"; do
  [ -e "$place" ] && echo "place $(stat -c %d:%i "$place" 2>/dev/null)"
done
[ -n "$(find /dev -type b 2>/dev/null)" ] && echo "device $(find /dev -type b)"
env | while IFS= read -r line; do echo "variable \${line%%=*}"; done
for entry in /proc/self/fd/*; do echo "descriptor \${entry##*/}"; done
for name in pid mnt ipc net uts user cgroup; do
  [ -e /proc/self/ns/$name ] && echo "namespace $name $(readlink /proc/self/ns/$name)"
done
[ -r /proc/self/status ] && while read -r key value rest; do
  case $key in Cap???:|NoNewPrivs:|Seccomp:) echo "status $key $value" ;; esac
done </proc/self/status
echo "user $(id -u) $(id -g)"
[ -r /proc/self/uid_map ] && while read -r inside outside count; do echo "mapped $inside $outside $count"; done </proc/self/uid_map
[ -r /proc/net/dev ] && sed -n 's/^ *\\([^: ]*\\):.*/interface \\1/p' /proc/net/dev
[ -r /proc/net/route ] && sed -n '2,$s/^\\([^\\t]*\\).*/route \\1/p' /proc/net/route
for process in /proc/[0-9]*; do [ -e "$process" ] && echo "process \${process##*/}"; done
echo "end"
`;

const look: Experiment = {
  name: 'view of the machine',
  steps: ({ privatePlaces }) => [
    {
      argv: ['/bin/sh', '-c', LOOK_AROUND, 'sh', ...privatePlaces.values()],
      limits: probeLimits(),
    },
  ],
};

/** What a shell and a driver bring along; a worker's own variables have other names. */
const EXPECTED_VARIABLES = new Set(
  'PATH HOME LANG LC_ALL PWD OLDPWD SHLVL _ PYTHONHASHSEED HOSTNAME TERM TMPDIR'.split(' '),
);

/** Namespaces that must be others than the worker's. */
const NAMESPACES = ['pid', 'mnt', 'ipc', 'net'] as const;

/** Looks only at a report that is whole: a program that was cut short has found nothing, which proves nothing. */
function onReport(judge: (observation: Observation) => Judgement): Probe['judge'] {
  return (observation) => {
    const [report] = observation.outcomes;
    if (report?.kind !== 'exited' || !textOf(report).endsWith('end\n')) {
      return broken(`a program that looks around could not end: ${endOf(report)}`);
    }
    return judge(observation);
  };
}

function nothingOf(key: string, words: string): Probe['judge'] {
  return onReport(({ outcomes: [report] }) => {
    const found = linesOf(report, key);
    return found.length === 0 ? held('none') : broken(`${words} ${found.join(', ')}`);
  });
}

const statusOf = (observation: Observation): ReadonlyMap<string, string> =>
  new Map(
    linesOf(observation.outcomes[0], 'status').map((line) => {
      const [key = '', value = ''] = line.split(' ');
      return [key.replace(':', ''), value] as const;
    }),
  );

const WITHOUT_PROC = 'there is no /proc inside, which would tell';
const PROC_CURE = 'In a container set systempaths=unconfined for the worker, as docs/sandbox.md shows.';
const LEAK_CURE =
  'Do not grade on this machine until it holds: update bubblewrap and the kernel, and look at docs/sandbox.md.';

/** What a program finds, without any attempt to get out. */
export const VIEW_PROBES: readonly Probe[] = [
  {
    name: 'files',
    promise: "The host's files are unseen: the worker's folders, homes, logs, secrets",
    essential: true,
    cure: 'Install Assay, and keep its data, outside of /usr: programs see /usr, because their interpreters lie there.',
    experiment: look,
    judge: onReport(({ outcomes: [report], host }) => {
      const seen = linesOf(report, 'place').flatMap((place) => host.privatePlaces.get(place) ?? []);
      const read = linesOf(report, 'readable');
      return seen.length + read.length === 0
        ? held(`${host.privatePlaces.size} places looked for`)
        : broken(`programs see ${[...new Set([...seen, ...read])].join(', ')} of the host`);
    }),
  },
  {
    name: 'readOnlyRoot',
    promise: 'A program can write to its own folders only',
    essential: true,
    cure: LEAK_CURE,
    experiment: look,
    judge: nothingOf('writable', 'programs can write to'),
  },
  {
    name: 'devices',
    promise: 'There are no disks and other block devices',
    essential: true,
    cure: LEAK_CURE,
    experiment: look,
    judge: nothingOf('device', 'programs see'),
  },
  {
    name: 'environment',
    promise: "The worker's environment is unseen",
    essential: true,
    cure: LEAK_CURE,
    experiment: look,
    judge: onReport(({ outcomes: [report] }) => {
      const names = linesOf(report, 'variable').filter((name) => !EXPECTED_VARIABLES.has(name));
      return names.length === 0 ? held('a clean one') : broken(`programs find the variables ${names.join(', ')}`);
    }),
  },
  {
    name: 'descriptors',
    promise: 'A program has its three streams open and nothing else',
    essential: true,
    cure: 'Start the worker without open files of others, for example from a systemd unit.',
    experiment: look,
    judge: onReport(({ outcomes: [report] }) => {
      const open = linesOf(report, 'descriptor').filter((name) => /^\d+$/.test(name));
      if (open.length === 0) return unknown(WITHOUT_PROC);
      // The fourth is the shell's own, of the folder that it lists.
      const stray = open.filter((name) => Number(name) > 3);
      return stray.length === 0 ? held('none besides') : broken(`programs have the descriptors ${stray.join(', ')}`);
    }),
  },
  {
    name: 'namespaces',
    promise: 'Processes, mounts, System V objects and the network are in namespaces of their own',
    essential: true,
    cure: LEAK_CURE,
    experiment: look,
    judge: onReport(({ outcomes: [report], host }) => {
      const inside = new Map(
        linesOf(report, 'namespace').map((line) => {
          const [name = '', value = ''] = line.split(' ');
          return [name, value] as const;
        }),
      );
      if (inside.size === 0 || host.namespaces.size === 0) return unknown(WITHOUT_PROC);
      const shared = NAMESPACES.filter((name) => inside.get(name) === host.namespaces.get(name));
      const own = [...inside].filter(([name, value]) => value !== host.namespaces.get(name)).map(([name]) => name);
      return shared.length === 0
        ? held(own.join(', '))
        : broken(`programs share the worker's ${shared.join(', ')} namespace`);
    }),
  },
  {
    name: 'ownProcesses',
    promise: 'A program sees no process but its own',
    essential: true,
    cure: LEAK_CURE,
    experiment: look,
    judge: onReport(({ outcomes: [report] }) => {
      const count = linesOf(report, 'process').length;
      if (count === 0) return unknown(WITHOUT_PROC);
      return count <= 4 ? held(`${count}`) : broken(`programs see ${count} processes`);
    }),
  },
  {
    name: 'notRoot',
    promise: 'Programs are not the root of the host',
    essential: true,
    cure: LEAK_CURE,
    experiment: look,
    judge: onReport(({ outcomes: [report] }) => {
      const user = Number(linesOf(report, 'user')[0]?.split(' ')[0] ?? 0);
      if (user === 0) return broken('programs are root inside');
      const maps = linesOf(report, 'mapped').map((line) => line.split(/\s+/).map(Number));
      if (maps.length === 0) return held(`user ${user} inside; ${WITHOUT_PROC} who it is outside`);
      const map = maps.find(([inside = 0, , count = 0]) => user >= inside && user < inside + count);
      const outside = map === undefined ? null : (map[1] ?? 0) + user - (map[0] ?? 0);
      return outside === null || outside === 0
        ? broken(`programs run as user ${outside ?? 'unknown'} of the host`)
        : held(`user ${outside} of the host`);
    }),
  },
  {
    name: 'noCapabilities',
    promise: 'Programs have no capabilities',
    essential: true,
    cure: LEAK_CURE,
    experiment: look,
    judge: onReport((observation) => {
      const sets = [...statusOf(observation)].filter(([key]) => /^Cap(?:Inh|Prm|Eff|Amb)$/.test(key));
      if (sets.length === 0) return unknown(`${WITHOUT_PROC}. ${PROC_CURE}`);
      const own = sets.filter(([, value]) => /[^0]/.test(value));
      return own.length === 0 ? held('none') : broken(own.map(([key, value]) => `${key} ${value}`).join(', '));
    }),
  },
  {
    name: 'noNewPrivileges',
    promise: 'Programs cannot gain privileges by starting others',
    essential: true,
    cure: LEAK_CURE,
    experiment: look,
    judge: onReport((observation) => {
      const value = statusOf(observation).get('NoNewPrivs');
      if (value === undefined) return unknown(`${WITHOUT_PROC}. ${PROC_CURE}`);
      return value === '1' ? held('no_new_privs is set') : broken('no_new_privs is not set');
    }),
  },
  {
    name: 'systemCallFilter',
    promise: 'A system-call filter is active',
    essential: ({ seccomp }) => seccomp,
    cure: 'A filter is there for x86-64 and arm64: grade on such a machine, or in a virtual machine of its own.',
    experiment: look,
    judge: onReport((observation) => {
      const value = statusOf(observation).get('Seccomp');
      if (value === undefined) return unknown(`${WITHOUT_PROC}. ${PROC_CURE}`);
      return value === '2' ? held('active') : broken('programs run without a filter');
    }),
  },
  {
    name: 'ownNetwork',
    promise: 'There is no network device but an own loopback, and no route out',
    essential: true,
    cure: LEAK_CURE,
    experiment: look,
    judge: onReport(({ outcomes: [report] }) => {
      const others = linesOf(report, 'interface').filter((name) => name !== 'lo');
      const routes = linesOf(report, 'route').filter((name) => name !== 'lo');
      if (others.length + routes.length > 0) {
        return broken(`programs see the network devices ${[...new Set([...others, ...routes])].join(', ')}`);
      }
      return held(linesOf(report, 'interface').join(', ') || 'none');
    }),
  },
];
