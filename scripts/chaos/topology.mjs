import { randomBytes } from 'node:crypto';
import { chmod, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '../lib/servers/private-server.mjs';
import { root, runOrFail } from '../lib/processes.mjs';
import { say, step } from '../lib/progress.mjs';
import { AssayProcess } from './assay-process.mjs';
import { mariadbDatabase, sqliteDatabase } from './databases.mjs';
import { mariadbUrl, provideMariadb, provideRedis } from './servers.mjs';
import { mountSmallDisk } from './small-disk.mjs';
import { TcpProxy } from './tcp-proxy.mjs';

export const ADMIN = { email: 'chaos@example.org', password: 'chaos-password-1', name: 'Chaos' };

/** With --quick, so that a dead worker's submission is taken over within seconds. */
const QUICK_LEASE_MS = 4_000;
/** As Assay has it by itself. */
const DEFAULT_LEASE_MS = 8_000;
/** Row 18 wants twenty running at a time on two workers. */
const CONCURRENCY = 10;
const STORE_MIB = 96;
const WORK_AREA_MIB = 32;

/**
 * @typedef {object} Topology
 * @property {boolean} isEmbedded one process on SQLite, and nothing else of what follows
 * @property {number} slots how many submissions are graded at a time, by all workers
 * @property {string} base where clients find the API
 * @property {AssayProcess[]} apis
 * @property {AssayProcess[]} workers in the embedded mode the same process as in `apis`
 * @property {import('./databases.mjs').ChaosDatabase} database
 * @property {import('./servers.mjs').RestartableServer} [mariadb]
 * @property {import('./servers.mjs').RestartableServer} [redis]
 * @property {string} [redisPrefix]
 * @property {TcpProxy} [front] before the APIs
 * @property {{ redis: TcpProxy, database: TcpProxy }[]} [links] how each worker reaches the two servers
 * @property {import('./small-disk.mjs').SmallDisk | null} store holds the submitted files; null: no file system may be mounted
 * @property {import('./small-disk.mjs').SmallDisk | null} workArea of the second worker's sandbox
 * @property {string[]} temporaryFolders of all processes
 * @property {string} logs
 * @property {number} leaseMs
 * @property {string} jwtSecret what access tokens are signed with
 */

/**
 * Starts everything that the rows break, each part a real process.
 *
 * @param {{ isEmbedded: boolean, isQuick: boolean }} options
 * @param {import('../lib/cleanup.mjs').Cleanup} cleanup
 * @returns {Promise<Topology>}
 */
export async function startTopology({ isEmbedded, isQuick }, cleanup) {
  const folder = await mkdtemp(join(tmpdir(), 'assay-chaos-'));
  // Passable for the users that sandboxes run as.
  await chmod(folder, 0o711);
  cleanup.add(() => rm(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 }));
  const logs = await mkdtemp(join(tmpdir(), 'assay-chaos-logs-'));
  const temporary = join(folder, 'tmp');
  await mkdir(temporary, { mode: 0o711 });
  const environment = {
    PATH: process.env.PATH,
    HOME: folder,
    LANG: 'C.UTF-8',
    TMPDIR: temporary,
    JWT_SECRET: randomBytes(48).toString('base64'),
    ADMIN_EMAIL: ADMIN.email,
    ADMIN_PASSWORD: ADMIN.password,
    RATE_LIMITS: 'off',
    LOG_LEVEL: 'info',
    WORKER_CONCURRENCY: String(CONCURRENCY),
    ...(isQuick ? { GRADING_LEASE_MS: String(QUICK_LEASE_MS) } : {}),
  };
  const shared = { folder, logs, environment, temporary, leaseMs: isQuick ? QUICK_LEASE_MS : DEFAULT_LEASE_MS };
  return isEmbedded ? startEmbedded(shared, cleanup) : startSeparate(shared, cleanup);
}

async function startEmbedded({ folder, logs, environment, temporary, leaseMs }, cleanup) {
  const port = await freePort();
  const file = join(folder, 'assay.db');
  const process = new AssayProcess({
    name: 'assay',
    program: 'main',
    healthPort: port,
    folder,
    log: join(logs, 'assay.log'),
    environment: {
      ...environment,
      PORT: String(port),
      DATABASE_URL: `sqlite:${file}`,
      STORAGE_URL: `file:${join(folder, 'files')}`,
    },
  });
  cleanup.add(() => process.stop());
  await step('Starting Assay in one process', () => process.startAndWait());
  return {
    isEmbedded: true,
    base: `http://127.0.0.1:${port}`,
    apis: [process],
    workers: [process],
    slots: CONCURRENCY,
    database: sqliteDatabase(file),
    store: null,
    workArea: null,
    temporaryFolders: [temporary],
    logs,
    leaseMs,
    jwtSecret: environment.JWT_SECRET,
  };
}

async function startSeparate({ folder, logs, environment, temporary, leaseMs }, cleanup) {
  const [mariadb, redis] = await step('Starting MariaDB and Redis', () =>
    Promise.all([provideMariadb(cleanup), provideRedis(cleanup)]),
  );
  const redisPrefix = '{assay-chaos}';
  const [store, workArea] = await Promise.all([
    mountSmallDisk(join(folder, 'store'), STORE_MIB, cleanup),
    mountSmallDisk(join(folder, 'work'), WORK_AREA_MIB, cleanup),
  ]);
  const variables = {
    ...environment,
    DATABASE_URL: mariadbUrl(mariadb.port),
    REDIS_URL: `redis://127.0.0.1:${redis.port}`,
    REDIS_PREFIX: redisPrefix,
    STORAGE_URL: `file:${store?.path ?? join(folder, 'files')}`,
  };
  await runOrFail(process.execPath, [join(root, 'dist', 'src', 'migrate.js')], {
    env: variables,
    failure: 'The database could not be migrated, see above.',
  });

  const apis = [];
  for (const name of ['api-1', 'api-2']) {
    const port = await freePort();
    const own = { PORT: String(port), ASSAY_ROLE: 'api' };
    apis.push(
      new AssayProcess({
        name,
        program: 'main',
        healthPort: port,
        folder,
        log: join(logs, `${name}.log`),
        environment: { ...variables, ...own },
      }),
    );
  }
  const workers = [];
  const links = [];
  for (const [index, name] of ['worker-1', 'worker-2'].entries()) {
    const link = {
      redis: await new TcpProxy({ targets: [redis.port] }).open(cleanup),
      database: await new TcpProxy({ targets: [mariadb.port] }).open(cleanup),
    };
    links.push(link);
    const healthPort = await freePort();
    const own = {
      WORKER_HEALTH_PORT: String(healthPort),
      REDIS_URL: `redis://127.0.0.1:${link.redis.port}`,
      DATABASE_URL: mariadbUrl(link.database.port),
      ...(index === 1 && workArea !== null ? { TMPDIR: workArea.path } : {}),
    };
    workers.push(
      new AssayProcess({
        name,
        program: 'worker',
        healthPort,
        folder,
        log: join(logs, `${name}.log`),
        environment: { ...variables, ...own },
      }),
    );
  }
  for (const process of [...apis, ...workers]) cleanup.add(() => (process.signal('SIGCONT'), process.stop()));
  const front = await new TcpProxy({
    targets: apis.map(({ healthPort }) => healthPort),
    healthPath: '/health/ready',
  }).open(cleanup);
  await step('Starting two APIs and two workers', () =>
    Promise.all([...apis, ...workers].map((process) => process.startAndWait())),
  );
  await front.look();
  if (store === null) say('No file system may be mounted here: rows 12 and 13 will not be run.');
  return {
    isEmbedded: false,
    base: `http://127.0.0.1:${front.port}`,
    apis,
    workers,
    slots: workers.length * CONCURRENCY,
    database: mariadbDatabase(mariadb.port),
    mariadb,
    redis,
    redisPrefix,
    front,
    links,
    store,
    workArea,
    temporaryFolders: [temporary, ...(workArea === null ? [] : [workArea.path])],
    logs,
    leaseMs,
    jwtSecret: environment.JWT_SECRET,
  };
}
