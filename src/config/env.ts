import { cpus } from 'node:os';
import { type RateCeilings, readOrigins, readRates, readTrustedProxies, type TrustedProxies } from './http-settings.js';
import { type MailSettings, readMailSettings } from './mail-settings.js';
import { type EnvironmentFault, Reader, type Source } from './reader.js';

/** The SQL engines that Assay runs on; MariaDB and MySQL differ in a few driver details only. */
export type DatabaseDialect = 'mysql' | 'mariadb' | 'postgres' | 'sqlite';

/** Ceilings for the limits that a grading document may ask for (`LIMIT_*`). */
export interface LimitCeilings {
  readonly timeMs: number;
  readonly wallMs: number;
  readonly memoryMiB: number;
  readonly processes: number;
  readonly outputKiB: number;
  readonly diskMiB: number;
  readonly buildTimeMs: number;
}

/** Every setting of one process, typed and checked. Injected by this class; nothing else reads the environment. */
export class Environment {
  readonly production: boolean;
  /** `all`: API and worker in this process. `api`: the API alone. */
  readonly role: 'all' | 'api';
  readonly port: number;
  readonly host: string;
  readonly publicUrl: string;
  readonly trustedProxies: TrustedProxies;
  /** Origins whose pages may call the API from a browser (CORS). */
  readonly corsOrigins: readonly string[];
  /** Null: requests are not counted. */
  readonly rateCeilings: RateCeilings | null;
  /** Most connections of this process at a time; what comes beyond is closed at once. */
  readonly limitConnections: number;
  readonly workerHealthPort: number | null;
  readonly databaseUrl: string;
  readonly databaseDialect: DatabaseDialect;
  readonly databasePoolSize: number;
  readonly redisUrl: string | null;
  /** Before every key and channel; the braces keep them on one node of a Redis Cluster. */
  readonly redisPrefix: string;
  /** Absolute or relative folder of the submission files (`STORAGE_URL=file:…`). */
  readonly storageFolder: string;
  /** Signing keys for access tokens, newest first; empty: make one and keep it in the data folder. */
  readonly jwtSecrets: readonly string[];
  readonly adminEmail: string | null;
  readonly adminPassword: string | null;
  readonly registration: 'open' | 'invite' | 'closed';
  /** Whether accounts confirm their address by mail: not asked, asked when they register, or needed for all but that. */
  readonly emailVerification: 'off' | 'optional' | 'required';
  readonly mail: MailSettings['mail'];
  readonly mailFrom: MailSettings['mailFrom'];
  readonly workerConcurrency: number;
  /** Names a worker beyond its restarts; null: each process is another worker. */
  readonly workerName: string | null;
  readonly sandbox: 'auto' | 'bubblewrap' | 'oci';
  /** OCI runtime of the driver `oci`: a name or an absolute path; null: the first that is usable. */
  readonly sandboxRuntime: string | null;
  /** Put before the command of that runtime. */
  readonly sandboxRuntimeArguments: readonly string[];
  /** Folder with the packages that programs may import; null for the one that comes with Assay. */
  readonly toolboxFolder: string | null;
  /** Whether large interpreters may be copied into huge pages of memory. */
  readonly sandboxHugePages: boolean;
  readonly limitCeilings: LimitCeilings;
  /** Most submissions of one student to one course that wait or are being graded; more are refused. */
  readonly limitPendingPerStudent: number;
  /** Most submissions of one student within an hour, to all courses. */
  readonly limitSubmissionsPerHour: number;
  /** Most that all submissions of one student may hold, in MiB. */
  readonly limitStoredMiBPerStudent: number;
  /** How long a worker holds a grading run without a heartbeat before another may take it, in milliseconds. */
  readonly gradingLeaseMs: number;
  /** Pause between two sweeps of the outbox, in milliseconds. */
  readonly outboxSweepMs: number;
  readonly logLevel: 'fatal' | 'error' | 'warn' | 'info' | 'debug' | 'trace' | 'silent';

  constructor(values: { [K in keyof Environment]: Environment[K] }) {
    Object.assign(this, values);
  }
}

export class EnvironmentError extends Error {
  constructor(readonly faults: readonly EnvironmentFault[]) {
    super(faults.map((fault) => `${fault.variable} ${fault.message}`).join('\n'));
    this.name = 'EnvironmentError';
  }
}

const DEFAULT_DATABASE_URL = 'sqlite:./data/assay.db';
const DEFAULT_STORAGE_URL = 'file:./data/files';
const SECRET_EXAMPLE = 'JWT_SECRET=$(openssl rand -base64 48)';

/** The dialect that a database URL names, or null when it names none that Assay knows. */
export function dialectOf(databaseUrl: string): DatabaseDialect | null {
  const scheme = /^([a-z]+):/.exec(databaseUrl)?.[1];
  switch (scheme) {
    case 'mysql':
    case 'mariadb':
    case 'sqlite':
      return scheme;
    case 'postgres':
    case 'postgresql':
      return 'postgres';
    default:
      return null;
  }
}

/**
 * The dialect of this process, for column types, which decorators fix when an entity is loaded. An unusable URL counts as
 * SQLite here; `loadEnvironment` reports it before any connection is made.
 */
export function dialectOfProcess(): DatabaseDialect {
  return dialectOf(process.env['DATABASE_URL'] || DEFAULT_DATABASE_URL) ?? 'sqlite';
}

function readDatabase(read: Reader): { databaseUrl: string; databaseDialect: DatabaseDialect } {
  const databaseUrl = read.text('DATABASE_URL') ?? DEFAULT_DATABASE_URL;
  const databaseDialect = dialectOf(databaseUrl);
  const example = 'DATABASE_URL=mysql://assay:password@127.0.0.1:3306/assay, or sqlite:./data/assay.db';
  if (databaseDialect === null) {
    read.fault('DATABASE_URL', `must start with mysql://, mariadb://, postgres:// or sqlite:, for example ${example}.`);
    return { databaseUrl: DEFAULT_DATABASE_URL, databaseDialect: 'sqlite' };
  }
  if (databaseDialect === 'sqlite') {
    if (databaseUrl.slice('sqlite:'.length).replace(/^\/\//, '') === '') {
      read.fault('DATABASE_URL', 'names no file after sqlite:, for example DATABASE_URL=sqlite:./data/assay.db.');
    }
  } else if (!URL.canParse(databaseUrl) || new URL(databaseUrl).pathname.length < 2) {
    read.fault('DATABASE_URL', `must name a host and a database, for example ${example}.`);
  }
  return { databaseUrl, databaseDialect };
}

function readStorage(read: Reader): string {
  const value = read.text('STORAGE_URL') ?? DEFAULT_STORAGE_URL;
  if (value.startsWith('file:') && value.length > 'file:'.length) {
    return value.startsWith('file://') ? decodeURIComponent(new URL(value).pathname) : value.slice('file:'.length);
  }
  const hint = value.startsWith('s3:') ? 's3:// storage is not in this version yet; ' : '';
  read.fault('STORAGE_URL', `${hint}must name a folder, for example STORAGE_URL=${DEFAULT_STORAGE_URL}.`);
  return './data/files';
}

function readSecrets(read: Reader, production: boolean): readonly string[] {
  const value = read.text('JWT_SECRET');
  if (value === null) {
    if (production) read.fault('JWT_SECRET', `is required with NODE_ENV=production, for example ${SECRET_EXAMPLE}.`);
    return [];
  }
  const secrets = value.split(',').map((secret) => secret.trim());
  if (secrets.some((secret) => Buffer.byteLength(secret) < 32)) {
    read.fault('JWT_SECRET', `must have at least 32 bytes (each key of the list), for example ${SECRET_EXAMPLE}.`);
  } else if (production && secrets.some((secret) => new Set(secret).size < 8)) {
    read.fault('JWT_SECRET', `is too easy to guess for NODE_ENV=production, for example ${SECRET_EXAMPLE}.`);
  }
  return secrets;
}

function readAdministrator(read: Reader): { adminEmail: string | null; adminPassword: string | null } {
  const adminEmail = read.text('ADMIN_EMAIL');
  const adminPassword = read.text('ADMIN_PASSWORD');
  if (adminEmail !== null && !/^[^\s@]+@[^\s@]+$/.test(adminEmail)) {
    read.fault('ADMIN_EMAIL', 'must be an e-mail address, for example ADMIN_EMAIL=admin@example.org.');
  }
  if (adminPassword !== null && (adminPassword.length < 8 || adminPassword.length > 128)) {
    read.fault('ADMIN_PASSWORD', 'must have 8 to 128 characters.');
  }
  if ((adminEmail === null) !== (adminPassword === null)) {
    const missing = adminEmail === null ? 'ADMIN_EMAIL' : 'ADMIN_PASSWORD';
    read.fault(missing, 'is missing: set ADMIN_EMAIL and ADMIN_PASSWORD together, or neither.');
  }
  return { adminEmail, adminPassword };
}

function readWorkerName(read: Reader): string | null {
  const name = read.text('WORKER_NAME');
  if (name === null || /^[A-Za-z0-9][\w.-]{0,59}$/.test(name)) return name;
  read.fault('WORKER_NAME', 'must have 1 to 60 letters, digits, dots, dashes or underscores, for example grader-1.');
  return null;
}

/** A relative path would mean another program in another folder. */
const RUNTIME = /^(?:[A-Za-z0-9][\w.-]*|\/[^\0]*[^/\0])$/;

function readSandboxRuntime(read: Reader): {
  sandboxRuntime: string | null;
  sandboxRuntimeArguments: readonly string[];
} {
  const sandboxRuntime = read.text('SANDBOX_RUNTIME');
  if (sandboxRuntime !== null && !RUNTIME.test(sandboxRuntime)) {
    read.fault('SANDBOX_RUNTIME', 'must be a name or an absolute path, for example SANDBOX_RUNTIME=runc.');
  }
  const given = read.text('SANDBOX_RUNTIME_ARGS')?.split(/\s+/) ?? [];
  if (given.some((argument) => !argument.startsWith('-'))) {
    const example = 'SANDBOX_RUNTIME_ARGS=--debug --log=/tmp/runtime.log';
    read.fault(
      'SANDBOX_RUNTIME_ARGS',
      `must be options that begin with "-", separated by blanks, for example ${example}.`,
    );
  } else if (given.length > 0 && sandboxRuntime === null) {
    read.fault(
      'SANDBOX_RUNTIME',
      'is missing: SANDBOX_RUNTIME_ARGS are for one runtime, for example SANDBOX_RUNTIME=runsc.',
    );
  }
  return { sandboxRuntime, sandboxRuntimeArguments: given };
}

/**
 * Checks all variables and returns the typed settings.
 *
 * @throws EnvironmentError with one fault for each variable that cannot be used, all at once.
 */
export function parseEnvironment(source: Source): Environment {
  const read = new Reader(source);
  const production = source['NODE_ENV'] === 'production';
  const host = read.text('HOST') ?? '127.0.0.1';
  const port = read.integer('PORT', 3000, 0, 65535);
  const healthPort = read.integer('WORKER_HEALTH_PORT', 0, 0, 65535);
  const environment = new Environment({
    production,
    role: read.choice('ASSAY_ROLE', ['all', 'api']),
    host,
    port,
    publicUrl: (
      read.url('PUBLIC_URL', ['http', 'https'], 'PUBLIC_URL=https://assay.example.org') ?? `http://${host}:${port}`
    ).replace(/\/+$/, ''),
    trustedProxies: readTrustedProxies(read),
    corsOrigins: readOrigins(read),
    rateCeilings: readRates(read),
    limitConnections: read.integer('LIMIT_CONNECTIONS', 10_000, 10, 1_000_000),
    workerHealthPort: healthPort === 0 ? null : healthPort,
    ...readDatabase(read),
    databasePoolSize: read.integer('DATABASE_POOL_SIZE', 20, 1, 1000),
    redisUrl: read.url('REDIS_URL', ['redis', 'rediss'], 'REDIS_URL=redis://127.0.0.1:6379'),
    redisPrefix: read.text('REDIS_PREFIX') ?? '{assay}',
    storageFolder: readStorage(read),
    jwtSecrets: readSecrets(read, production),
    ...readAdministrator(read),
    registration: read.choice('REGISTRATION', ['open', 'invite', 'closed']),
    emailVerification: read.choice('EMAIL_VERIFICATION', ['off', 'optional', 'required']),
    ...readMailSettings(read, production),
    workerConcurrency: read.integer('WORKER_CONCURRENCY', cpus().length + 1, 1, 256),
    workerName: readWorkerName(read),
    sandbox: read.choice('SANDBOX', ['auto', 'bubblewrap', 'oci']),
    ...readSandboxRuntime(read),
    toolboxFolder: read.text('TOOLBOX_DIR'),
    sandboxHugePages: read.choice('SANDBOX_HUGE_PAGES', ['auto', 'off']) === 'auto',
    limitCeilings: {
      timeMs: read.integer('LIMIT_TIME_MS', 30_000, 100, 600_000),
      wallMs: read.integer('LIMIT_WALL_MS', 120_000, 100, 3_600_000),
      memoryMiB: read.integer('LIMIT_MEMORY_MIB', 2_048, 16, 65_536),
      processes: read.integer('LIMIT_PROCESSES', 256, 1, 4_096),
      outputKiB: read.integer('LIMIT_OUTPUT_KIB', 16_384, 1, 262_144),
      diskMiB: read.integer('LIMIT_DISK_MIB', 512, 1, 16_384),
      buildTimeMs: read.integer('LIMIT_BUILD_TIME_MS', 60_000, 100, 3_600_000),
    },
    limitPendingPerStudent: read.integer('LIMIT_PENDING_PER_STUDENT', 50, 1, 100_000),
    limitSubmissionsPerHour: read.integer('LIMIT_SUBMISSIONS_PER_HOUR', 120, 1, 1_000_000),
    limitStoredMiBPerStudent: read.integer('LIMIT_STORED_MIB_PER_STUDENT', 1_024, 1, 1_000_000),
    gradingLeaseMs: read.integer('GRADING_LEASE_MS', 8_000, 1_000, 600_000),
    outboxSweepMs: read.integer('OUTBOX_SWEEP_MS', 1_000, 50, 60_000),
    logLevel: read.choice('LOG_LEVEL', ['info', 'fatal', 'error', 'warn', 'debug', 'trace', 'silent']),
  });
  if (read.faults.length > 0) throw new EnvironmentError(read.faults);
  return environment;
}

/** The settings of this process, from its real environment. */
export function loadEnvironment(): Environment {
  return parseEnvironment(process.env);
}
