import { randomBytes } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';

import type { RunLimits } from '../limits.js';
import type { RunOutcome } from '../run-outcome.js';
import type { RunningProgram, Sandbox, SandboxSession } from '../sandbox.js';
import { couchdb } from './couchdb.js';
import { mongodb } from './mongodb.js';
import { mysql } from './mysql.js';
import { postgres } from './postgres.js';
import { redis } from './redis.js';
import {
  ADMINISTRATOR,
  type FoundService,
  type ServiceDefinition,
  type ServiceInstance,
  type ServiceKey,
} from './service.js';

/** Every service that Assay knows. To add one: a file for it, and its line here. */
const DEFINITIONS: Readonly<Record<ServiceKey, ServiceDefinition>> = {
  redis,
  mysql,
  postgres,
  mongodb,
  couchdb,
};

/** A service, as this machine has it. */
export interface Service {
  readonly key: ServiceKey;
  readonly title: string;
  /** Such as `10.11.6`; null when it is not available. */
  readonly version: string | null;
  readonly available: boolean;
  /** Why it is not available and what to install; null when it is. */
  readonly reason: string | null;
}

export interface ServiceOptions {
  /** Left out: the usual one of the service. */
  readonly port?: number;
  /** What it is filled with, one after the other, by its own client as the student's user. */
  readonly seeds?: readonly Buffer[];
  /** What it may use in place of its definition's memory, and of what services may write. */
  readonly limits?: Pick<RunLimits, 'memoryMiB' | 'diskMiB'>;
  /** Aborting ends it. */
  readonly signal?: AbortSignal;
}

/** An instance that answers. It ends with its session. */
export interface RunningService {
  readonly key: ServiceKey;
  readonly port: number;
  readonly program: RunningProgram;
  /** For the student's programs and whatever tests them, such as `POSTGRES_URL`. */
  readonly environment: Readonly<Record<string, string>>;
  /** Who may do everything (`mysql` and `postgres`). Never for a program in the session: only for the worker's connections. */
  readonly administrator: { readonly user: string; readonly password: string };
}

/** It was not the submission's fault: the service is not here, did not start, or could not be filled. The message is for operators. */
export class ServiceError extends Error {
  override readonly name = 'ServiceError';
}

/** A service is no part of what a submission may use. Its memory is the definition's. */
const LIMITS: RunLimits = {
  cpuTimeMs: 600_000,
  wallTimeMs: 3_600_000,
  memoryMiB: 512,
  processes: 256,
  outputKiB: 64,
  diskMiB: 384,
};
/** The prepared files come as an archive over the report. */
const PREPARING: RunLimits = { ...LIMITS, cpuTimeMs: 60_000, wallTimeMs: 180_000, outputKiB: 65_536 };
const SEEDING: RunLimits = { ...LIMITS, cpuTimeMs: 60_000, wallTimeMs: 120_000, memoryMiB: 256 };

const START_TIMEOUT_MS = 60_000;
const LOOK_MS = 20;
/** One answer of a service that has just started. */
const ANSWER_TIMEOUT_MS = 5_000;
const LONGEST_COMPLAINT = 2_000;

const ARCHIVE = 'prepared.tar.gz';

/**
 * Starts databases and the like beside a submission: for one session of the sandbox with a shared network, and new for each.
 *
 * What a service needs at its first start (system tables, users) is made once per worker, in a sandbox, and kept as a compressed
 * archive in memory; an instance unpacks it into its own file system in memory. Nothing of a service ever lies on the host.
 * Every instance is a program with its own files and limits (`SandboxProgram`): others reach it by its port alone.
 */
export class Services {
  private readonly found = new Map<ServiceKey, Promise<FoundService | null>>();
  private readonly prepared = new Map<ServiceKey, Promise<Buffer>>();
  private readonly adminPassword = randomBytes(18).toString('hex');

  /** @param sandbox in which their files are prepared. */
  constructor(private readonly sandbox: Sandbox) {}

  /** All that Assay knows, in a fixed order. Examines the machine once. */
  async list(): Promise<readonly Service[]> {
    return Promise.all(
      Object.values(DEFINITIONS).map(async (definition) => {
        const found = await this.find(definition);
        const { key, title, missing } = definition;
        const [version, reason] = found === null ? [null, missing] : [found.version, null];
        return { key, title, version, available: found !== null, reason };
      }),
    );
  }

  /**
   * Starts one in a session that was opened with the network `shared`. Resolves when it answers in its own protocol and is filled.
   * The session is the caller's to close, also after a failure.
   *
   * @throws ServiceError when that cannot be had.
   */
  async start(session: SandboxSession, key: ServiceKey, options: ServiceOptions = {}): Promise<RunningService> {
    const definition = DEFINITIONS[key];
    const found = await this.find(definition);
    if (found === null) {
      throw new ServiceError(`The service ${key} is not available to this worker: ${definition.missing}`);
    }
    const instance = { port: options.port ?? definition.port, adminPassword: this.adminPassword };
    const prepared = found.prepare === null ? null : await this.prepare(key, found.prepare);
    // What answered would be taken for the new one.
    if (await answers(session, instance.port, () => Promise.resolve(true))) {
      throw new ServiceError(
        `The service ${key} cannot be started: something listens on port ${instance.port} already.`,
      );
    }
    const script = found.start(instance);
    const signal = options.signal === undefined ? {} : { signal: options.signal };
    const program = await session.start({
      argv: ['/bin/sh', '-c', prepared === null ? script : `tar -xzf ${ARCHIVE} && rm ${ARCHIVE} && ${script}`],
      environment: {},
      files: prepared === null ? [] : [{ path: ARCHIVE, content: prepared }],
      limits: { ...LIMITS, memoryMiB: definition.memoryMiB, ...options.limits },
      ...signal,
    });
    await this.waitUntilReady(session, definition, instance, program);
    for (const seed of options.seeds ?? []) await fill(session, definition, found, instance, seed, signal);
    return {
      key,
      port: instance.port,
      program,
      environment: definition.environment(instance.port),
      administrator: { user: ADMINISTRATOR, password: this.adminPassword },
    };
  }

  private find(definition: ServiceDefinition): Promise<FoundService | null> {
    const known = this.found.get(definition.key) ?? definition.find();
    this.found.set(definition.key, known);
    return known;
  }

  private prepare(key: ServiceKey, script: (adminPassword: string) => string): Promise<Buffer> {
    const known = this.prepared.get(key) ?? this.prepareNow(key, script(this.adminPassword));
    this.prepared.set(key, known);
    // The next one may have more luck.
    known.catch(() => this.prepared.delete(key));
    return known;
  }

  private async prepareNow(key: ServiceKey, script: string): Promise<Buffer> {
    const session = await this.sandbox.open({ runtime: 'bash', network: 'none' });
    try {
      const outcome = await session.run({
        argv: ['/bin/sh', '-c', `(exec 3>&-\n${script}\n) </dev/null || exit 1\ntar -czf - data >&3`],
        stdin: Buffer.alloc(0),
        environment: {},
        limits: PREPARING,
        reports: true,
      });
      if (outcome.kind !== 'exited' || outcome.exitCode !== 0 || outcome.report === undefined) {
        throw new ServiceError(`The service ${key} could not be prepared: ${complaintOf(outcome)}`);
      }
      return outcome.report;
    } finally {
      await session.close();
    }
  }

  private async waitUntilReady(
    session: SandboxSession,
    { key, isReady }: ServiceDefinition,
    { port }: ServiceInstance,
    program: RunningProgram,
  ): Promise<void> {
    const deadline = performance.now() + START_TIMEOUT_MS;
    for (;;) {
      const ended = await Promise.race([program.ended, answers(session, port, isReady)]);
      if (ended === true) return;
      if (ended !== false) throw new ServiceError(`The service ${key} ended at its start: ${complaintOf(ended)}`);
      if (performance.now() > deadline) {
        const outcome = await program.stop(0);
        throw new ServiceError(`The service ${key} did not answer in time: ${complaintOf(outcome)}`);
      }
      await pause(LOOK_MS);
    }
  }
}

async function answers(session: SandboxSession, port: number, isReady: ServiceDefinition['isReady']): Promise<boolean> {
  const connection = await session.connect(port).catch((error: unknown) => {
    // The word of the other end: not yet. All else is a broken sandbox.
    if (error instanceof Error && 'code' in error) return null;
    throw error;
  });
  if (connection === null) return false;
  const timer = setTimeout(() => connection.destroy(), ANSWER_TIMEOUT_MS);
  try {
    return await isReady(connection);
  } catch {
    return false;
  } finally {
    clearTimeout(timer);
    connection.destroy();
  }
}

async function fill(
  session: SandboxSession,
  { key }: ServiceDefinition,
  { seed }: FoundService,
  instance: ServiceInstance,
  content: Buffer,
  signal: { readonly signal?: AbortSignal },
): Promise<void> {
  if (seed === null) throw new ServiceError(`The service ${key} cannot be filled: its client is not installed.`);
  const client = await session.start({
    argv: ['/bin/sh', '-c', seed(instance)],
    environment: {},
    files: [{ path: 'seed', content }],
    limits: SEEDING,
    ...signal,
  });
  const outcome = await client.ended;
  if (outcome.kind === 'exited' && outcome.exitCode === 0) return;
  throw new ServiceError(`The service ${key} could not be filled with its seed: ${complaintOf(outcome)}`);
}

function complaintOf({ kind, exitCode, signal, reason, stdout, stderr }: RunOutcome): string {
  const how = `${kind} ${exitCode ?? signal ?? reason ?? ''}`.trim();
  const said = Buffer.concat([stdout, stderr]).toString('utf8').trim().slice(-LONGEST_COMPLAINT);
  return said === '' ? how : `${how}: ${said}`;
}
