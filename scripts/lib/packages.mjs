import { lstat, readFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { root, run, runOrFail, tail } from './processes.mjs';
import { CommandFailure, step } from './progress.mjs';

/** The oldest versions that the packages run on; `engines` in package.json says the same to npm. */
const OLDEST_MINOR = { 20: 19, 22: 13, 24: 11 };

/** Throws when this Node is too old, with the versions that will do. Needs no package, so it can come first. */
export function requireNode(version = process.versions.node) {
  const [major, minor] = version.split('.').map(Number);
  const oldest = OLDEST_MINOR[major];
  if (oldest === undefined ? major > 24 : minor >= oldest) return;
  throw new CommandFailure(
    `Assay needs Node 20.19, 22.13, 24.11 or newer, and this is Node ${version}. Install one of these and run the command again.`,
  );
}

/**
 * Installs the packages of package-lock.json where they are missing or differ from it. Harmless, and quick, when they are
 * already there.
 */
export async function ensurePackages() {
  if (!(await areInstalled(root))) {
    await refuseLink();
    await step('Installing packages (npm ci)', () =>
      // Development packages too, whatever NODE_ENV says: the build and the tests are made of them.
      runNpm(['ci', '--include=dev', '--no-audit', '--no-fund'], {
        failure:
          'npm ci failed, see above. Check the network or the npm registry that npm is set to, then run this again.',
      }),
    );
  }
  await ensureNativeParts();
}

/**
 * Installs the packages that students' programs may import (`toolbox/`), where they are missing or differ from their lock.
 * Their install scripts are not run: what comes here is data for sandboxes, and nobody's code to be run outside of them.
 */
export async function ensureToolbox() {
  const folder = join(root, 'toolbox');
  if (await areInstalled(folder)) return;
  await step("Installing the toolbox, which students' programs may import (npm ci)", () =>
    runNpm(['ci', '--ignore-scripts', '--no-audit', '--no-fund'], {
      cwd: folder,
      failure: 'npm ci failed in toolbox/, see above. Check the network or the npm registry, then run: npm run toolbox',
    }),
  );
}

/** Through a link `npm ci` would empty the folder that it leads to, which belongs to somebody else. */
async function refuseLink() {
  const found = await lstat(join(root, 'node_modules')).catch(() => null);
  if (found?.isSymbolicLink()) {
    throw new CommandFailure(
      'node_modules is a link, and the packages that it leads to are not those of package-lock.json. Remove the link, then run this again.',
    );
  }
}

/** Compares what npm wrote down when it installed with what the lock asks for. */
async function areInstalled(folder) {
  const installed = await readPackages(join(folder, 'node_modules', '.package-lock.json'));
  const lock = join(folder, 'package-lock.json');
  const wanted = await readPackages(lock);
  if (wanted === null) {
    const path = relative(root, lock);
    throw new CommandFailure(`${path} is missing. Restore it: git checkout ${path}`);
  }
  if (installed === null) return false;
  return Object.entries(wanted).every(([path, entry]) => {
    if (path === '' || entry.link === true) return true;
    const found = installed[path];
    // What is only for other systems is in the lock and not on the disk.
    if (found === undefined) return entry.optional === true || entry.peer === true || entry.devOptional === true;
    return found.version === entry.version;
  });
}

async function readPackages(path) {
  const text = await readFile(path, 'utf8').catch(() => null);
  return text === null ? null : JSON.parse(text).packages;
}

/** The SQLite driver is compiled for one version of Node: after a change of Node it is there and does not load. */
async function ensureNativeParts() {
  const script = "const D = require('better-sqlite3'); new D(':memory:').close()";
  const probe = await run(process.execPath, ['-e', script]);
  if (probe.status === 0) return;
  await step('Compiling the SQLite driver for this Node (npm rebuild better-sqlite3)', () =>
    runNpm(['rebuild', 'better-sqlite3'], {
      failure:
        'The SQLite driver could not be compiled. It needs python3, make and g++: apt-get install -y python3 make g++',
    }),
  );
  const again = await run(process.execPath, ['-e', script]);
  if (again.status === 0) return;
  throw new CommandFailure(
    `${tail(again.output)}\nThe SQLite driver does not load. Remove node_modules and run the command again.`,
  );
}

function runNpm(args, options) {
  // Under `npm run` the npm that started us is known; otherwise it is the one on the PATH.
  const npm = process.env.npm_execpath;
  const isScript = npm !== undefined && /npm-cli[.]c?js$/.test(npm);
  // JOBS is node-gyp's: native parts are compiled on all cores.
  const settings = { ...options, env: { ...process.env, JOBS: 'max' } };
  return isScript ? runOrFail(process.execPath, [npm, ...args], settings) : runOrFail('npm', args, settings);
}
