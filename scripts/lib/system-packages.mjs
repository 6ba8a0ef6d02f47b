import { existsSync } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';

import { findProgram, isExecutable, run, runOrFail, tail } from './processes.mjs';
import { CommandFailure, step } from './progress.mjs';

/**
 * @typedef {object} SystemTool
 * @property {string} title what it is for, in a few words
 * @property {string} debian the Debian package that brings it; empty where none does
 * @property {string} [npm] the npm package that brings it instead, for all users
 * @property {() => Promise<boolean>} isThere
 */

const onPath =
  (...names) =>
  async () =>
    (await findProgram(...names)) !== null;

/** @type {Record<string, SystemTool>} */
export const systemTools = {
  bubblewrap: { title: 'the sandbox', debian: 'bubblewrap', isThere: onPath('bwrap') },
  // Where the sandbox looks for it; often not on an ordinary user's PATH.
  runc: {
    title: 'containers of the sandbox',
    debian: 'runc',
    isThere: async () => {
      const places = ['/usr/local/sbin', '/usr/local/bin', '/usr/sbin', '/usr/bin'];
      return (await Promise.all(places.map((place) => isExecutable(`${place}/runc`)))).includes(true);
    },
  },
  // By its absolute path: a version manager's shim on the PATH is not what runs inside the sandbox.
  python: { title: 'the runtime python', debian: 'python3', isThere: () => isExecutable('/usr/bin/python3') },
  pycodestyle: {
    title: 'lint tests of Python',
    debian: 'pycodestyle',
    isThere: () => isExecutable('/usr/bin/pycodestyle'),
  },
  shellcheck: {
    title: 'lint tests of shell scripts',
    debian: 'shellcheck',
    isThere: () => isExecutable('/usr/bin/shellcheck'),
  },
  // Debian's, for the interpreter above.
  webFrameworks: {
    title: 'services in Python',
    debian: 'python3-flask python3-django python3-fastapi python3-uvicorn',
    isThere: async () => {
      const packages = ['flask', 'django', 'fastapi', 'uvicorn'].map(
        (name) => `/usr/lib/python3/dist-packages/${name}`,
      );
      return packages.every((path) => existsSync(path));
    },
  },
  c: { title: 'the runtime c', debian: 'gcc libc6-dev', isThere: onPath('gcc') },
  cpp: { title: 'the runtime cpp', debian: 'g++', isThere: onPath('g++') },
  redis: { title: 'the service redis', debian: 'redis-server', isThere: () => isExecutable('/usr/bin/redis-server') },
  mysql: {
    title: 'the service mysql',
    debian: 'mariadb-server',
    isThere: async () => (await isExecutable('/usr/sbin/mariadbd')) || (await isExecutable('/usr/sbin/mysqld')),
  },
  postgres: {
    title: 'the service postgres',
    debian: 'postgresql',
    isThere: async () => (await readdir('/usr/lib/postgresql').catch(() => [])).length > 0,
  },
  curl: { title: 'seeds of the service couchdb', debian: 'curl', isThere: () => isExecutable('/usr/bin/curl') },
  couchdb: {
    title: 'the service couchdb',
    debian: '',
    npm: 'pouchdb-server@4.2.0',
    isThere: async () =>
      (
        await Promise.all(
          [
            '/usr/bin/couchdb',
            '/usr/local/couchdb/bin/couchdb',
            '/usr/bin/pouchdb-server',
            '/usr/local/bin/pouchdb-server',
          ].map(isExecutable),
        )
      ).includes(true),
  },
  pythonClients: {
    title: 'Python programs that use services',
    debian: 'python3-redis python3-pymysql python3-psycopg2',
    isThere: async () => (await run('/usr/bin/python3', ['-c', 'import redis, pymysql, psycopg2'])).status === 0,
  },
  java: {
    title: 'the runtime java',
    debian: 'default-jdk-headless',
    isThere: async () => (await findProgram('java')) !== null && (await findProgram('javac')) !== null,
  },
  // The frameworks of unit tests that come as packages of the system.
  pytest: {
    title: 'unit tests with pytest',
    debian: 'python3-pytest',
    isThere: async () => (await run('/usr/bin/python3', ['-I', '-c', 'import pytest'])).status === 0,
  },
  junit: {
    title: 'unit tests with JUnit',
    debian: 'junit5 junit4',
    isThere: async () => {
      const jars = ['junit-jupiter-engine', 'junit-platform-launcher', 'junit-vintage-engine', 'junit4'];
      return (await Promise.all(jars.map((name) => isFile(`/usr/share/java/${name}.jar`)))).every(Boolean);
    },
  },
};

async function isFile(path) {
  return stat(path).then(
    (found) => found.isFile(),
    () => false,
  );
}

/** The program that runs student code apart from everything else. Without it Assay refuses to grade. */
export async function ensureBubblewrap() {
  await ensureSystemTools([systemTools.bubblewrap]);
}

/**
 * Sees to it that the tools are there: installs what is missing where this user may, otherwise throws with the one command
 * that does.
 *
 * @param {readonly SystemTool[]} tools
 */
export async function ensureSystemTools(tools) {
  const missing = await missingOf(tools);
  if (missing.length === 0) return;
  const packaged = missing.filter((tool) => tool.npm === undefined);
  if (packaged.length > 0) {
    const names = packaged.flatMap((tool) => tool.debian.split(' '));
    await installSystemPackages(names, packaged.map((tool) => `${tool.debian} (${tool.title})`).join(', '));
  }
  for (const tool of missing) if (tool.npm !== undefined) await installNodePackage(tool.npm, tool.title);
  const still = await missingOf(missing);
  if (still.length === 0) return;
  throw new CommandFailure(
    `Installed, and yet not found: ${still.map((tool) => tool.npm ?? tool.debian).join(', ')}. Put the programs on the PATH and run this again.`,
  );
}

async function missingOf(tools) {
  const there = await Promise.all(tools.map((tool) => tool.isThere()));
  return tools.filter((_, index) => !there[index]);
}

/**
 * Installs Debian packages without asking anything.
 *
 * @param {readonly string[]} names
 * @param {string} [described] the same for the reader
 */
export async function installSystemPackages(names, described = names.join(', ')) {
  const command = `apt-get install -y --no-install-recommends ${names.join(' ')}`;
  const apt = process.env.ASSAY_NO_SYSTEM_INSTALL === '1' ? null : await findProgram('apt-get');
  const prefix = apt === null ? null : await becomeRoot();
  if (apt === null || prefix === null) {
    throw new CommandFailure(
      `Missing: ${described}. Install with\n  ${process.getuid?.() === 0 ? '' : 'sudo '}${command}\nor what your system calls these packages, then run this again.`,
    );
  }
  const aptGet = (...args) => {
    const [file, ...rest] = [...prefix, 'env', 'DEBIAN_FRONTEND=noninteractive', apt, ...args];
    return [file, rest];
  };
  await step(`Installing ${described} (apt-get)`, async () => {
    const install = aptGet('install', '-y', '--no-install-recommends', ...names);
    if ((await run(...install)).status === 0) return;
    // Most often the lists of packages are absent or too old, as in a fresh container.
    const update = await run(...aptGet('update'));
    await runOrFail(...install, {
      failure: `${update.status === 0 ? '' : `${tail(update.output)}\n`}Could not install ${described}. Run this yourself and look at what it says:\n  ${command}`,
    });
  });
}

/** Installs a program of npm's for all users, where sandboxes see it. None of its scripts runs. */
async function installNodePackage(name, title) {
  const args = ['install', '--global', '--prefix', '/usr/local', '--ignore-scripts', '--no-audit', '--no-fund', name];
  const npm = process.env.ASSAY_NO_SYSTEM_INSTALL === '1' ? null : await findProgram('npm');
  const prefix = npm === null ? null : await becomeRoot();
  const command = `npm ${args.join(' ')}`;
  if (npm === null || prefix === null) {
    const asRoot = process.getuid?.() === 0 ? '' : 'sudo ';
    throw new CommandFailure(`Missing: ${name} (${title}). Install with\n  ${asRoot}${command}\nthen run this again.`);
  }
  const [file, ...rest] = [...prefix, npm, ...args];
  await step(`Installing ${name} (${title}) (npm)`, () =>
    runOrFail(file, rest, {
      failure: `Could not install ${name}. Run this yourself and look at what it says:\n  ${command}`,
    }),
  );
}

/** What to put before a command so that it runs as root; null where that would need a password. */
async function becomeRoot() {
  if (process.getuid?.() === 0) return [];
  const sudo = await findProgram('sudo');
  if (sudo === null) return null;
  const { status } = await run(sudo, ['-n', 'true']);
  return status === 0 ? [sudo, '-n'] : null;
}
