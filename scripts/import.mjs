import { ensurePackages, requireNode } from './lib/packages.mjs';
import { runCommand } from './lib/progress.mjs';

/**
 * npm run import: sends packages of tests to a server, which makes assignments of them, and waits until their model submissions
 * have proved them. docs/importing.md is its manual.
 */

await runCommand(async () => {
  requireNode();
  await ensurePackages();
  const { importPackages } = await import('./lib/import-packages.mjs');
  return importPackages(process.argv.slice(2), process.env, { stdout: process.stdout, stderr: process.stderr });
});
