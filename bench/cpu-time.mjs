import { readFile } from 'node:fs/promises';
import { CommandFailure } from '../scripts/lib/progress.mjs';

/** The unit of `/proc/PID/stat`: USER_HZ, which Linux keeps at 100 towards programs on every common machine. */
const TICKS_PER_SECOND = 100;

/**
 * The CPU time that a process has used so far, in all its threads, user and system together. Unlike the time on the wall it
 * does not grow while other programs have the processor.
 *
 * @param {number} pid
 * @returns {Promise<number>} microseconds, in steps of 10,000
 */
export async function cpuMicroseconds(pid) {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => null);
  if (stat === null) {
    throw new CommandFailure(`Process ${pid} has no /proc/${pid}/stat: it ended, or this is not Linux.`);
  }
  // The name, in parentheses, may hold blanks; behind it come fields 3, 4, …, of which 14 is utime and 15 stime.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return ((Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND) * 1e6;
}
