import { ensurePackages, requireNode } from './lib/packages.mjs';
import { runCommand } from './lib/progress.mjs';

/**
 * npm run load-package: puts Kattis problem packages and GitHub Classroom's autograding.json onto a server as assignments, or
 * prints what would be put there. docs/loading-packages.md is its manual.
 */

await runCommand(async () => {
  requireNode();
  await ensurePackages();
  const { loadPackages } = await import('./lib/load-packages.mjs');
  return loadPackages(process.argv.slice(2), process.env, { stdout: process.stdout, stderr: process.stderr });
});
