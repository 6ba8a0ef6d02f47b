import { rm } from 'node:fs/promises';
import { ensureBuilt } from './lib/build.mjs';
import { Cleanup } from './lib/cleanup.mjs';
import { ensurePackages, requireNode } from './lib/packages.mjs';
import { signalRunning } from './lib/processes.mjs';
import { CommandFailure, runCommand, say, secondsSince } from './lib/progress.mjs';
import { ensureServerPrograms } from './lib/servers/test-servers.mjs';
import { ensureSystemTools, systemTools } from './lib/system-packages.mjs';
import { readOptions, USAGE } from './chaos/options.mjs';
import { readProgress, writeProgress } from './chaos/progress-file.mjs';

/**
 * npm run chaos: breaks a real installation in every way that the guarantee names, while work is handed in, and checks after
 * each fault that nothing was lost, doubled or left behind. docs/guarantee.md describes it.
 */
await runCommand(async () => {
  requireNode();
  const args = process.argv.slice(2);
  if (args.includes('--help')) {
    say(USAGE);
    return 0;
  }
  const options = readOptions(args);
  await ensurePackages();
  await ensureBuilt();
  await ensureSystemTools([systemTools.bubblewrap, systemTools.python]);
  if (!options.isEmbedded) await ensureServerPrograms(['mariadb', 'redis']);
  const cleanup = new Cleanup();
  cleanup.onSignals(signalRunning);
  try {
    return await chaos(options, cleanup);
  } finally {
    await cleanup.run();
  }
});

async function chaos(options, cleanup) {
  // What is built is asked about processes and cgroups: to be loaded after building only.
  const { ROWS } = await import('./chaos/rows.mjs');
  const { notRun, perform } = await import('./chaos/perform.mjs');
  const { School } = await import('./chaos/school.mjs');
  const { startTopology } = await import('./chaos/topology.mjs');
  const { plotRecoveries } = await import('./chaos/recovery.mjs');
  const { renderTable } = await import('./chaos/table.mjs');

  const startedAt = performance.now();
  const mode = options.isEmbedded ? 'embedded' : 'several processes';
  const before = options.resume === null ? null : await readProgress(options.resume);
  if (before !== null && before.mode !== mode) {
    throw new CommandFailure(`${options.resume} is of a run with ${before.mode}: name another file.`);
  }
  const chosen = chooseRows(ROWS, options);
  const seed = before?.seed ?? options.seed;
  say(`Chaos with ${mode}, seed ${seed}: rows ${chosen.map(({ row }) => row).join(', ')}`);
  const isTimeOver = () => performance.now() - startedAt > options.minutes * 60_000;

  const results = new Map((before?.results ?? []).map((result) => [result.row, result]));
  const save = async (result) => {
    if (result !== undefined) results.set(result.row, result);
    if (options.json !== null) await writeProgress(options.json, { seed, mode, results: [...results.values()] });
  };

  const topology = await startTopology(options, cleanup);
  const school = new School(topology.base);
  await school.open();
  const world = { topology, school, options: { ...options, seed }, isTimeOver };
  for (const row of chosen) {
    const begun = results.get(row.row);
    const result = isTimeOver()
      ? (begun ?? notRun(row, `the ${options.minutes} minutes were over`))
      : await perform(row, world, begun?.outcome === 'not run' ? null : (begun ?? null), save);
    results.set(row.row, result);
  }
  await save();

  const listed = chosen.map(({ row }) => results.get(row));
  say(`\n${renderTable(listed)}`);
  for (const { row, recoveries } of listed) {
    if (!['1', '5'].includes(row) || recoveries.length === 0) continue;
    say(`\nRow ${row}, from the kill to the last end of what was on its way:\n${plotRecoveries(recoveries)}`);
  }
  const missed = listed.filter(({ outcome }) => outcome === 'missed');
  const left = listed.filter(({ outcome }) => outcome === 'not run');
  say(
    `\n${listed.length - missed.length - left.length} held, ${missed.length} missed, ${left.length} not run; took ${secondsSince(startedAt)} s.`,
  );
  if (missed.length > 0) say(`The logs of all processes are kept in ${topology.logs}.`);
  else await rm(topology.logs, { recursive: true, force: true });
  return missed.length === 0 ? 0 : 1;
}

function chooseRows(all, { rows, isEmbedded }) {
  const possible = isEmbedded ? all.filter(({ isEmbeddedToo }) => isEmbeddedToo === true) : all;
  const unknown = rows?.find((name) => !possible.some(({ row }) => row === name));
  if (unknown !== undefined) {
    throw new CommandFailure(
      `There is no row ${unknown}${isEmbedded ? ' for the embedded mode' : ''}. There are ${possible.map(({ row }) => row).join(', ')}.`,
    );
  }
  return rows === null ? possible : possible.filter(({ row }) => rows.includes(row));
}
