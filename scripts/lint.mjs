import { readdir, rm } from 'node:fs/promises';
import { OPENAPI_FILE, writeOpenApi } from './lib/openapi.mjs';
import { ensurePackages, requireNode } from './lib/packages.mjs';
import { packageScript, root, run } from './lib/processes.mjs';
import { CommandFailure, runCommand, say, secondsSince } from './lib/progress.mjs';

/**
 * npm run lint: every check, also after one has failed, so that one run shows all there is to do. `npm run lint -- NAME…`
 * runs only the checks named. Fails when one of them does.
 */

const tool = (path, ...args) => run(process.execPath, [packageScript(path), ...args]);

async function foldersWithCode() {
  const entries = await readdir(root, { withFileTypes: true });
  const folders = new Set(['src', 'migrations', 'test', 'bench', 'scripts']);
  return entries.filter((entry) => entry.isDirectory() && folders.has(entry.name)).map((entry) => entry.name);
}

/** @type {Record<string, { what: string, check: () => Promise<{ status: number, output: string }> }>} */
const checks = {
  types: {
    what: 'tsc, tests and benchmarks included',
    check: () => tool('typescript/bin/tsc', '--noEmit', '-p', 'tsconfig.json'),
  },
  code: {
    what: 'oxlint',
    check: () => tool('oxlint/bin/oxlint', '--deny-warnings'),
  },
  format: {
    what: 'prettier; npm run format corrects it',
    check: () => tool('prettier/bin/prettier.cjs', '--check', '--log-level', 'warn', '.'),
  },
  imports: {
    what: 'dependency-cruiser: the directions of imports',
    check: async () =>
      tool(
        'dependency-cruiser/bin/dependency-cruise.mjs',
        '--config',
        '.dependency-cruiser.mjs',
        '--output-type',
        'err-long',
        ...(await foldersWithCode()),
      ),
  },
  unused: {
    what: 'knip: files, exports and packages that nobody uses',
    check: () => tool('knip/bin/knip.js', '--no-progress', '--treat-config-hints-as-errors'),
  },
  openapi: {
    what: 'redocly on the OpenAPI document of the built application',
    check: async () => {
      try {
        // A document left from an earlier run must not pass for this one.
        await rm(OPENAPI_FILE, { force: true });
        await writeOpenApi(OPENAPI_FILE);
      } catch (error) {
        if (error instanceof CommandFailure) return { status: 1, output: error.message };
        throw error;
      }
      return run(
        process.execPath,
        [packageScript('@redocly/cli/bin/cli.js'), 'lint', '--config', 'redocly.yaml', OPENAPI_FILE],
        { env: { ...process.env, REDOCLY_TELEMETRY: 'off', REDOCLY_SUPPRESS_UPDATE_NOTICE: 'true' } },
      );
    },
  },
};

/** Two at a time: each is one core's work, and the longest come first. */
const AT_A_TIME = 2;
const LONGEST_FIRST = ['openapi', 'types', 'unused', 'imports', 'format', 'code'];

await runCommand(async () => {
  requireNode();
  const asked = process.argv.slice(2);
  const unknown = asked.filter((name) => !Object.hasOwn(checks, name));
  if (unknown.length > 0) {
    throw new CommandFailure(`No such check: ${unknown.join(', ')}. There are ${Object.keys(checks).join(', ')}.`);
  }
  await ensurePackages();
  const waiting = LONGEST_FIRST.filter((name) => asked.length === 0 || asked.includes(name));
  const failed = [];
  const worker = async () => {
    for (let name = waiting.shift(); name !== undefined; name = waiting.shift()) {
      const { what, check } = checks[name];
      const startedAt = performance.now();
      const { status, output } = await check();
      const isGood = status === 0;
      if (!isGood) failed.push(name);
      say(`${isGood ? 'ok    ' : 'FAILED'} ${name} (${what}), ${secondsSince(startedAt)} s`);
      if (!isGood) say(output.trimEnd().replace(/^/gm, '  '));
    }
  };
  await Promise.all(Array.from({ length: AT_A_TIME }, worker));
  if (failed.length > 0) {
    say(`\nlint: ${failed.length} failed: ${failed.join(', ')}. One alone: npm run lint -- ${failed[0]}`);
    return 1;
  }
  say('\nlint: all clean');
  return 0;
});
