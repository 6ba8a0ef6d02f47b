import { spawn } from 'node:child_process';

/** Computes until its parent is gone, however that ended. */
const BURNER =
  'const parent = process.ppid; while (process.ppid === parent) for (let turn = 0; turn < 1e7; turn += 1);';

/**
 * Keeps `count` cores busy with processes of their own.
 *
 * @param {import('../scripts/lib/cleanup.mjs').Cleanup} cleanup
 * @param {number} count
 */
export function burnCpu(cleanup, count) {
  const burners = Array.from({ length: count }, () => spawn(process.execPath, ['-e', BURNER], { stdio: 'ignore' }));
  const stop = () => {
    for (const burner of burners) burner.kill('SIGKILL');
  };
  cleanup.add(stop);
  return { stop };
}
