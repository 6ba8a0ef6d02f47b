import { detectRuntimes } from '../../sandbox/runtimes.js';
import { GradingFault } from '../grading-fault.js';
import type { GradingSession } from '../grading-session.js';
import { runLimits } from '../run-limits.js';

/**
 * Where the programs of a session find the interpreter of a language, which need not be that of the submission.
 *
 * @throws GradingFault when this worker does not have it, or cannot show it to them.
 */
export async function interpreterFor(session: GradingSession, key: 'python' | 'node'): Promise<string> {
  const { document, ceilings } = session;
  const runtime = (await detectRuntimes()).find((candidate) => candidate.key === key);
  const program = runtime?.command(null, [], runLimits(document.limits, ceilings))[0];
  if (runtime?.available !== true || program === undefined) {
    throw new GradingFault(`The runtime ${key} is not available to this worker: ${runtime?.reason ?? 'unknown'}`);
  }
  // An interpreter outside of /usr is shown to programs of its language only.
  if (!program.startsWith('/usr/') && session.runtime.key !== key) {
    throw new GradingFault(`Assignments in ${session.runtime.title} do not see ${program} here.`);
  }
  return program;
}
