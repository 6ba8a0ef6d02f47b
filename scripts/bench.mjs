import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { ensureBuilt } from './lib/build.mjs';
import { Cleanup } from './lib/cleanup.mjs';
import { ensurePackages, requireNode } from './lib/packages.mjs';
import { root, signalRunning } from './lib/processes.mjs';
import { CommandFailure, runCommand, say } from './lib/progress.mjs';
import { ensureSystemTools, systemTools } from './lib/system-packages.mjs';

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
  const benchmarks = await Promise.all(
    (chosen.length > 0 ? chosen : all.sort()).map(async (name) => ({
      name,
      ...(await import(pathToFileURL(join(folder, `${name}.bench.mjs`)).href)),
    })),
  );
  // Without a sandbox a server that grades is never ready; a compiler builds a part of it.
  const tools = new Set(benchmarks.flatMap(({ tools: needed }) => needed.map((tool) => systemTools[tool])));
  await ensureSystemTools([...tools]);
  await ensureBuilt();
  const cleanup = new Cleanup();
  cleanup.onSignals(signalRunning);
  try {
    for (const { name, title, run } of benchmarks) {
      say(`\n${name}: ${title}`);
      await run(cleanup);
    }
  } finally {
    await cleanup.run();
  }
});
