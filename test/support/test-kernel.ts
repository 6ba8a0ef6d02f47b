import { readFileSync } from 'node:fs';

import type { RunLimits } from '../../src/sandbox/limits.js';

/** True in a user-mode Linux kernel, where `npm run test:cgroup-v2` runs the sandbox's tests (docs/sandbox.md). */
export const IS_USER_MODE_KERNEL = /^vendor_id\s*: User Mode Linux$/m.test(readFileSync('/proc/cpuinfo', 'latin1'));

/**
 * How much longer a program may take there than on a kernel of its own. A page that is touched for the first time costs 20 to
 * 35 µs instead of a fraction of one, so that 256 MiB of them are 1.4 to 2.3 s, all of it CPU time; and where others use the
 * machine, their time counts as the program's own. Nobody waits for what is not used.
 */
export const TIME_FACTOR = IS_USER_MODE_KERNEL ? 20 : 1;

/** Limits for a program that must not end for its time: the same on every machine but a user-mode kernel. */
export function withRoomForTime<Limits extends Pick<RunLimits, 'cpuTimeMs' | 'wallTimeMs'>>(limits: Limits): Limits {
  return { ...limits, cpuTimeMs: limits.cpuTimeMs * TIME_FACTOR, wallTimeMs: limits.wallTimeMs * TIME_FACTOR };
}
