import { existsSync } from 'node:fs';

import type { RunLimits } from './limits.js';
import type { RunOutcome } from './run-outcome.js';

/** Small and quick, for programs that we know. */
export const PROBE_LIMITS: RunLimits = {
  cpuTimeMs: 5_000,
  wallTimeMs: 10_000,
  memoryMiB: 32,
  processes: 8,
  outputKiB: 64,
  diskMiB: 1,
};

/** Says what it sees of itself and of the machine; {@link findLeaks} reads it. */
export const LOOK_AROUND = `
echo "files:" $(ls -A /)
echo "box:" $(ls -A /box)
echo "user:" $(id -u)
[ -r /proc/self/status ] && while read -r key value rest; do
  case $key in CapEff:|NoNewPrivs:|Seccomp:) echo "$key" "$value" ;; esac
done </proc/self/status
[ -r /proc/self/uid_map ] && echo "users:" $(cat /proc/self/uid_map)
[ -r /proc/net/dev ] && echo "devices:" $(cat /proc/net/dev | sed -n 's/^ *\\([^:]*\\):.*/\\1/p')
if echo x 2>/dev/null >/usr/assay-probe || echo x 2>/dev/null >/assay-probe; then echo "writable: yes"; fi
exit 0
`;

/** Uses memory without end. */
export const USE_MEMORY: readonly string[] = ['/usr/bin/tail', '/dev/zero'];

/** Top-level names that a program may see. */
const EXPECTED_FILES: ReadonlySet<string> = new Set([
  'bin',
  'sbin',
  'lib',
  'lib32',
  'lib64',
  'libx32',
  'usr',
  'etc',
  'proc',
  'dev',
  'tmp',
  'run',
  'box',
  'opt',
  // A link into /tmp, for autograders made for Gradescope.
  'autograder',
  // Empty, but for steps that show protected files.
  'grader',
  'node_modules',
]);

function readReport(report: string): ReadonlyMap<string, string> {
  return new Map(
    report.split('\n').map((line): [string, string] => {
      const colon = line.indexOf(':');
      return [line.slice(0, colon), line.slice(colon + 1).trim()];
    }),
  );
}

/** True when programs are called user 0, which means nothing outside, and is no more than a name inside. */
export function looksLikeRoot(report: string): boolean {
  return readReport(report).get('user') === '0';
}

/** What {@link findLeaks} cannot know by itself. */
export interface ExpectedIsolation {
  readonly seccomp: boolean;
  /**
   * True where what is user 0 just outside of the program's user namespace is that of a container: never the host's, see
   * `oci/oci-config.ts`.
   */
  readonly isInContainer?: boolean;
}

/** What the report of {@link LOOK_AROUND} must not say. Empty: the isolation is what it should be. */
export function findLeaks(report: string, expected: ExpectedIsolation): readonly string[] {
  const lines = readReport(report);
  const leaks: string[] = [];
  const files = (lines.get('files') ?? '').split(' ').filter((name) => !EXPECTED_FILES.has(name));
  if (!lines.has('files') || files.length > 0) leaks.push(`programs see the host's ${files.join(', ') || 'files'}`);
  if (lines.get('writable') === 'yes') leaks.push('programs can write outside of their folder');
  // Absent where /proc could not be mounted; then the other checks must do.
  const users = lines.get('users')?.split(' ');
  if (users !== undefined && ((users[1] === '0' && expected.isInContainer !== true) || users[2] !== '1')) {
    leaks.push('programs run as root of the host');
  }
  const devices = lines.get('devices');
  if (devices !== undefined && devices !== 'lo') leaks.push(`programs see the network devices ${devices}`);
  const capabilities = lines.get('CapEff');
  if (capabilities !== undefined && /[^0]/.test(capabilities)) leaks.push('programs have capabilities');
  if (lines.has('NoNewPrivs') && lines.get('NoNewPrivs') !== '1') leaks.push('programs may gain privileges');
  if (expected.seccomp && lines.has('Seccomp') && lines.get('Seccomp') !== '2') {
    leaks.push('the system-call filter is not active');
  }
  return leaks;
}

/** True for the complaint of a kernel that refuses a new `/proc`, because parts of the old one are masked. */
export function isProcRefused(complaint: string): boolean {
  return /mount [`"]?proc/i.test(complaint);
}

/** An operator's next step for a complaint of bubblewrap; the complaint itself where none is known. */
export function explainComplaint(complaint: string): string {
  const restricted = existsSync('/proc/sys/kernel/apparmor_restrict_unprivileged_userns');
  if (/RTM_NEWADDR|setting up uid map: Permission denied/i.test(complaint) && restricted) {
    return `${complaint}. AppArmor restricts user namespaces (Ubuntu 23.10 and later): give bwrap a profile with "userns," as docs/sandbox.md shows`;
  }
  if (/new namespace|No permissions to creat|setting up uid map|unshare/i.test(complaint)) {
    return `${complaint}. User namespaces are not allowed here: set kernel.unprivileged_userns_clone=1 and user.max_user_namespaces above 0; in a container also relax seccomp, AppArmor and systempaths as docs/sandbox.md shows`;
  }
  if (/setting up uid map|loopback/i.test(complaint)) {
    return `${complaint}. The kernel or a security module refuses what the sandbox needs; in a container relax seccomp, AppArmor and systempaths as docs/sandbox.md shows`;
  }
  if (/spawn E(?:INVAL|PERM)\b/.test(complaint)) {
    return `${complaint}. The worker is root and may not become another user: give its container a range of users (65536), or run it as an ordinary user`;
  }
  if (/unknown option/i.test(complaint)) return `${complaint}. bubblewrap 0.8 or later is needed`;
  return complaint;
}

/** Null when the program ran well; else why it did not, for the operator. */
export function failureOf(outcome: RunOutcome): string | null {
  if (outcome.kind === 'sandbox_failure') return outcome.reason ?? 'unknown';
  if (outcome.kind === 'exited' && outcome.exitCode === 0) return null;
  return `the trial program ended with ${outcome.kind} ${outcome.exitCode ?? outcome.signal ?? ''}: ${outcome.stderr.toString('utf8').slice(0, 500)}`;
}
