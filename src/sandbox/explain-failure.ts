/** What a complaint means for whoever looks after the machine: the first pattern that is found in it. */
const CURES: readonly (readonly [pattern: RegExp, cure: string])[] = [
  [/spawn .*ENOENT/, 'The sandbox tool is no longer there: apt-get install bubblewrap'],
  [
    /ENOSPC|No space left|EDQUOT|quota exceeded|EFBIG/i,
    "The disk of the sandbox's scratch folder is full: make room there, or let TMPDIR name a folder on another disk. The worker goes on by itself when there is room",
  ],
  [
    /Can't find source path|Can't (?:open|mount|bind|create)[^:]*: No such file|ENOENT/i,
    'A folder of the sandbox was removed while the worker runs: keep cleaners of temporary folders away from assay-sandbox-*. The worker makes it anew by itself',
  ],
  [
    /EROFS|Read-only file system/i,
    "The sandbox's scratch folder is read-only: let TMPDIR name a folder that can be written",
  ],
  [
    /EMFILE|ENFILE|Too many open files/i,
    'Files are exhausted: raise LimitNOFILE of the worker, or lower WORKER_CONCURRENCY',
  ],
  [
    /EAGAIN|ENOMEM|Cannot allocate memory|Resource temporarily unavailable/i,
    'The machine is out of memory or of processes: lower WORKER_CONCURRENCY, or raise what the worker may use (MemoryMax, TasksMax)',
  ],
  [/cgroup/i, 'The cgroups of the worker cannot be used: delegate one to it, as docs/sandbox.md shows'],
];

/**
 * A sandbox's complaint, with what to do about it. The complaint alone where nothing is known; one that was explained before
 * stays as it is.
 */
export function explainFailure(complaint: string): string {
  const sentence = complaint.trim().replace(/\.$/, '');
  const cure = CURES.find(([pattern]) => pattern.test(sentence))?.[1];
  return cure === undefined || sentence.includes(cure) ? sentence : `${sentence}. ${cure}.`;
}
