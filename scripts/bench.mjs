import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { ensureBuilt } from './lib/build.mjs';
import { Cleanup } from './lib/cleanup.mjs';
import { ensurePackages, requireNode } from './lib/packages.mjs';
import { root, signalRunning } from './lib/processes.mjs';
import { CommandFailure, runCommand, say } from './lib/progress.mjs';

/**
 * npm run bench [-- NAME …]: every benchmark of bench/, or the named ones. Each measures Assay and the bare limit side by
 * side, in turn, in one run, and prints the ratio: figures of different runs or machines must not be compared.
 */
await runCommand(async () => {
  requireNode();
  const folder = join(root, 'bench');
  const all = (await readdir(folder))
    .filter((file) => file.endsWith('.bench.mjs'))
    .map((file) => file.slice(0, -'.bench.mjs'.length));
  const chosen = process.argv.slice(2).filter((argument) => !argument.startsWith('-'));
  const unknown = chosen.filter((name) => !all.includes(name));
  if (unknown.length > 0) {
    throw new CommandFailure(`There is no benchmark "${unknown[0]}". Choose of: ${all.sort().join(', ')}.`);
  }
  await ensurePackages();
  await ensureBuilt();
  const cleanup = new Cleanup();
  cleanup.onSignals(signalRunning);
  try {
    for (const name of chosen.length > 0 ? chosen : all.sort()) {
      const { title, run } = await import(pathToFileURL(join(folder, `${name}.bench.mjs`)).href);
      say(`\n${name}: ${title}`);
      await run(cleanup);
    }
  } finally {
    await cleanup.run();
  }
});
