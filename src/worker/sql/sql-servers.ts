import type { Duplex } from 'node:stream';
import type { RunLimits } from '../../sandbox/limits.js';
import type { RunningProgram, Sandbox, SandboxSession } from '../../sandbox/sandbox.js';
import { type RunningService, ServiceError, type Services } from '../../sandbox/services/services.js';
import { openSandbox } from '../beside.js';
import { GradingFault } from '../grading-fault.js';

export type SqlServerKey = 'mysql' | 'postgres';

/** What a server needs for itself, its system tables and logs included; a test's limits come on top of it. */
const OWN_MIB: Readonly<Record<SqlServerKey, Pick<RunLimits, 'memoryMiB' | 'diskMiB'>>> = {
  mysql: { memoryMiB: 160, diskMiB: 128 },
  postgres: { memoryMiB: 128, diskMiB: 128 },
};

/** A server in a sandbox in which no program of a submission runs. */
export interface SqlServer {
  readonly administrator: RunningService['administrator'];
  readonly program: RunningProgram;
  /** A new connection. */
  connect(): Promise<Duplex>;
  /** Ends it; the next job gets another. Harmless the second time. */
  discard(): Promise<void>;
}

interface Held {
  readonly server: SqlServer;
  readonly limits: string;
  /** True: what ran on it may know what students must not. */
  hasSeenHidden: boolean;
  isOver: boolean;
}

/**
 * The database servers of one grading run: at most one of each engine, started when it is first asked for. One server serves one job
 * after the other, each on a database of its own. What a script could leave on a server beside its database are figures, such as how
 * many statements it has run: enough to tell the next one what was in a table. So a server that has seen what is hidden from
 * students is not used for what is shown to them.
 */
export class SqlServers {
  private session: Promise<SandboxSession> | null = null;
  private readonly held = new Map<SqlServerKey, Held>();
  private isClosed = false;

  constructor(
    private readonly sandbox: Sandbox,
    private readonly services: Pick<Services, 'start'>,
    private readonly signal: AbortSignal,
  ) {}

  /**
   * A server on which nothing else runs, for a job with these limits.
   *
   * @param isShown whether students see what comes out of the job.
   * @throws GradingFault when there is none to be had.
   */
  async get(key: SqlServerKey, limits: RunLimits, isShown: boolean): Promise<SqlServer> {
    const own = OWN_MIB[key];
    const total = { memoryMiB: own.memoryMiB + limits.memoryMiB, diskMiB: own.diskMiB + limits.diskMiB };
    const wanted = JSON.stringify(total);
    const held = this.held.get(key);
    if (held !== undefined && !held.isOver) {
      if (held.limits === wanted && !(isShown && held.hasSeenHidden)) {
        held.hasSeenHidden ||= !isShown;
        return held.server;
      }
      await held.server.discard();
    }
    const { server, ended } = await this.start(key, total);
    const next: Held = { server, limits: wanted, hasSeenHidden: !isShown, isOver: false };
    this.held.set(key, next);
    const over = (): void => {
      next.isOver = true;
    };
    ended.then(over, over);
    return server;
  }

  /** Ends all of them. Harmless the second time. */
  async close(): Promise<void> {
    this.isClosed = true;
    const session = await this.session?.catch(() => null);
    await session?.close();
  }

  private async start(
    key: SqlServerKey,
    limits: Pick<RunLimits, 'memoryMiB' | 'diskMiB'>,
  ): Promise<{ readonly server: SqlServer; readonly ended: Promise<unknown> }> {
    if (this.isClosed) throw new GradingFault('A database server was asked for when the grading was over.');
    this.session ??= openSandbox(this.sandbox, { runtime: 'bash', network: 'shared' });
    const session = await this.session;
    let service: RunningService;
    try {
      service = await this.services.start(session, key, { limits, signal: this.signal });
    } catch (error) {
      if (error instanceof ServiceError) throw new GradingFault(error.message, { cause: error });
      throw error;
    }
    const { administrator, program, port } = service;
    const server: SqlServer = {
      administrator,
      program,
      connect: () => session.connect(port),
      discard: async () => {
        await program.stop(0);
      },
    };
    return { server, ended: program.ended };
  }
}
