import { findSupervisor } from '../../src/sandbox/supervisor-program.js';

/**
 * The built supervisor. Throws where there is none: the suites of the supervised sandbox would otherwise pass without it,
 * on the slower way or on nothing at all.
 */
export function requiredSupervisor(): string {
  const found = findSupervisor();
  if (found === null) throw new Error('No supervisor was built: install gcc and libc6-dev, then npm run build.');
  return found;
}
