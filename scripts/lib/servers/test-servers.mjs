import { randomBytes } from 'node:crypto';
import { installSystemPackages } from '../system-packages.mjs';
import { CommandFailure, say, step } from '../progress.mjs';
import { mariadb } from './mariadb.mjs';
import { postgres } from './postgres.mjs';
import { redis } from './redis.mjs';

const servers = { mariadb, postgres, redis };

/**
 * Gets the servers that the tests need: those that listen on their standard ports of the loopback and let us in, else
 * private ones from installed programs, which end with the command; installs these where this user may.
 * `ASSAY_TEST_IGNORE_RUNNING=1` leaves running ones alone.
 *
 * @param {readonly ('mariadb' | 'postgres' | 'redis')[]} names
 * @param {import('../cleanup.mjs').Cleanup} cleanup
 * @returns {Promise<Record<string, string>>} the environment variables that tell the tests where to find them
 */
export async function provideServers(names, cleanup) {
  const runName = `assay_test_${randomBytes(4).toString('hex')}`;
  const environment = {};
  // All are waited for, also when one fails: cleaning up must find whatever the others have started.
  const attempts = await Promise.allSettled(names.map((name) => provide(servers[name], cleanup)));
  const failure = attempts.find((attempt) => attempt.status === 'rejected');
  if (failure !== undefined) throw failure.reason;
  for (const [index, { value: instance }] of attempts.entries()) {
    const server = servers[names[index]];
    // Before the first one is made: what a killed test left behind goes as well.
    if (!instance.isPrivate) cleanup.add(() => server.dropDatabases(instance, runName));
    await server.createDatabase(instance, runName);
    environment[server.variable] = server.url(instance, runName);
    say(
      `${server.title} ${instance.version}: ${instance.isPrivate ? 'a private one' : 'the running one'} on port ${instance.port}`,
    );
  }
  if (names.includes('redis')) environment.TEST_REDIS_PREFIX = runName;
  return environment;
}

async function provide(server, cleanup) {
  if (process.env.ASSAY_TEST_IGNORE_RUNNING !== '1') {
    const running = await server.findRunning();
    if (running !== null) return { ...running, isPrivate: false };
  }
  if (!(await server.installed())) {
    await installOneAtATime(() => installSystemPackages(server.debian, server.title));
    // Debian starts what it installs, where it has a service manager.
    const running = await server.findRunning();
    if (running !== null) return { ...running, isPrivate: false };
    if (!(await server.installed())) {
      throw new CommandFailure(
        `${server.title} was installed and its programs are not found. Start it and run this again.`,
      );
    }
  }
  const instance = await step(`Starting a private ${server.title}`, () => server.startPrivate(cleanup));
  return { ...instance, isPrivate: true };
}

/**
 * Installs the programs of servers where they are missing and this user may.
 *
 * @param {readonly ('mariadb' | 'postgres' | 'redis')[]} names
 */
export async function ensureServerPrograms(names) {
  for (const name of names) {
    const server = servers[name];
    if (await server.installed()) continue;
    await installOneAtATime(() => installSystemPackages(server.debian, server.title));
  }
}

/** apt-get has a lock and does not wait for it. */
let installing = Promise.resolve();
function installOneAtATime(work) {
  const next = installing.then(work);
  installing = next.catch(() => {});
  return next;
}
