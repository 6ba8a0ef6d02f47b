import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { ensureBuilt } from './lib/build.mjs';
import { ensurePackages, requireNode } from './lib/packages.mjs';
import { root } from './lib/processes.mjs';
import { runCommand } from './lib/progress.mjs';

/**
 * npm run sandbox:check [-- --json]: what the sandbox holds on this machine. Builds when dist/ is missing or older than src/, then
 * becomes the built program (src/sandbox-check.ts), which images have without this script.
 */
let isPrepared = false;

await runCommand(async () => {
  requireNode();
  const write = process.stdout.write.bind(process.stdout);
  // Whoever reads the JSON wants nothing else on standard output.
  process.stdout.write = process.stderr.write.bind(process.stderr);
  try {
    await ensurePackages();
    await ensureBuilt();
  } finally {
    process.stdout.write = write;
  }
  isPrepared = true;
});

// Outside of `runCommand`: how the program exits is its own affair.
if (isPrepared) await import(pathToFileURL(join(root, 'dist', 'src', 'sandbox-check.js')).href);
