import { access } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { ensureBuilt } from './lib/build.mjs';
import { root } from './lib/processes.mjs';
import { CommandFailure, runCommand } from './lib/progress.mjs';

/**
 * npm start, start:prod, start:api, start:worker, migrate and audit:verify: builds when dist/ is missing or older than src/, then becomes
 * the built program. In the same process, so that signals and the exit status need nobody to hand them on.
 */
const programs = {
  embedded: { file: 'main.js', environment: {} },
  prod: { file: 'main.js', environment: { NODE_ENV: 'production' } },
  api: { file: 'main.js', environment: { ASSAY_ROLE: 'api' } },
  worker: { file: 'worker.js', environment: {} },
  migrate: { file: 'migrate.js', environment: {} },
  'audit-verify': { file: 'audit-verify.js', environment: {} },
};

let path;

await runCommand(async () => {
  const [name = '', ...args] = process.argv.slice(2);
  if (!Object.hasOwn(programs, name)) {
    throw new CommandFailure(`There is no program "${name}". Choose one of ${Object.keys(programs).join(', ')}.`);
  }
  const { file, environment } = programs[name];
  await ensureBuilt();
  const built = join(root, 'dist', 'src', file);
  await access(built).catch(() => {
    throw new CommandFailure(
      `dist/src/${file} is not there after the build. Is src/${file.replace('.js', '.ts')} missing?`,
    );
  });
  for (const [key, value] of Object.entries(environment)) process.env[key] ??= value;
  process.argv = [process.argv[0], built, ...args];
  path = built;
});

// Outside of `runCommand`: what the program throws and how it exits is its own affair.
if (path !== undefined) {
  process.setSourceMapsEnabled(true);
  await import(pathToFileURL(path).href);
}
