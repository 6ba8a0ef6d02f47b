import { isProcRefused } from '../probe.js';

/** What a runtime said, in one line; out of its log lines where it writes such (`… level=error msg="…"`). */
function plainly(complaint: string): string {
  return complaint
    .replace(/time="[^"]*" level=\w+ msg="((?:[^"\\]|\\.)*)"/g, (_, message: string) => message.replaceAll('\\"', '"'))
    .replace(/Failed to remove cgroup \(will retry\).*/g, '')
    .trim()
    .replace(/\s*\n\s*/g, '; ');
}

/** An operator's next step for the complaint of an OCI runtime; the complaint itself where none is known. */
export function explainContainerComplaint(complaint: string): string {
  const said = plainly(complaint);
  if (/failed to get container mount namespace/i.test(said)) {
    return `${said}. runc as root needs CAP_SYS_ADMIN and CAP_SYS_PTRACE: give the worker's container both, or run the worker as an ordinary user, or set SANDBOX_RUNTIME=crun, which needs neither`;
  }
  if (/hybrid mode/i.test(said)) {
    return `${said}. Run the worker as root, or take the controllers off the v2 tree, or set SANDBOX_RUNTIME=runc`;
  }
  if (isProcRefused(said)) {
    return `${said}. Parts of this container's /proc are masked: set systempaths=unconfined (Kubernetes: procMount: Unmasked with hostUsers: false) for the worker`;
  }
  if (/^the test could not be prepared|clone|unshare|user namespace|newuidmap|uid_map/i.test(said)) {
    return `${said}. Namespaces inside the container are denied: allow user namespaces (user.max_user_namespaces above 0), and relax seccomp and AppArmor for the worker and the runtime, as docs/sandbox.md shows`;
  }
  if (/(?:crun|runc|runsc)\b.*cgroup/i.test(said)) {
    return `${said}. The runtime may not make its cgroup: mount /sys/fs/cgroup writable for the worker, or set SANDBOX_RUNTIME=crun, which needs none`;
  }
  return said;
}
