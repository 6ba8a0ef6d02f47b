import { randomBytes } from 'node:crypto';
import type { SqlStatement } from '../../grading/sql/split-script.js';
import type { SqlFailure, SqlResult, SqlRun } from '../../grading/sql/sql-run.js';
import type { RunLimits } from '../../sandbox/limits.js';
import { GradingFault } from '../grading-fault.js';
import type { GradingSession } from '../grading-session.js';
import { JobClock } from './job-clock.js';
import { mysqlDialect } from './mysql-dialect.js';
import { postgresDialect } from './postgres-dialect.js';
import { type Ask, DATABASE, type JobUsers, type ServerDialect } from './server-dialect.js';
import {
  ConnectionLost,
  mostBytes,
  ResultBudget,
  ResultTooLarge,
  type SqlConnection,
  type SqlLogin,
  SqlRefusal,
} from './sql-connection.js';
import type { SqlEngine, SqlJob, SqlJobOutcome } from './sql-engine.js';
import type { SqlServer } from './sql-servers.js';

/** Of what the catalogue tells of a schema. */
const FACTS_KIB = 8_192;
const ADMINISTRATOR_KIB = 1_024;

export const openMysql = opener(mysqlDialect);
export const openPostgres = opener(postgresDialect);

/** A server in a sandbox of its own, with a database and users that are made for each job and dropped after it. */
function opener(dialect: ServerDialect) {
  return (session: GradingSession, limits: RunLimits): Promise<SqlEngine> =>
    Promise.resolve({
      run: async (job) => {
        const server = await session.sqlServers.get(dialect.key, limits, job.isShown);
        return new ServerJob(dialect, server, limits, session.signal, job).run();
      },
      close: () => Promise.resolve(),
    });
}

/** How far it came, filled in on the way. */
type Progress = { -readonly [Key in keyof SqlRun]: SqlRun[Key] } & { failedFile: string | null };

/** Where the statement that is run comes from. */
interface Place {
  readonly file: string | null;
  readonly line: number | null;
}

class ServerJob {
  private readonly clock: JobClock;
  private readonly progress: Progress = {
    phase: 'setup',
    failure: null,
    failedFile: null,
    result: null,
    resultCount: 0,
    schema: null,
    plan: null,
    shadows: [],
  };
  private readonly connections = new Set<SqlConnection>();
  private place: Place = { file: null, line: null };

  constructor(
    private readonly dialect: ServerDialect,
    private readonly server: SqlServer,
    private readonly limits: RunLimits,
    private readonly signal: AbortSignal,
    private readonly job: SqlJob,
  ) {
    this.clock = new JobClock(server.program, limits, signal, () => this.closeAll());
  }

  /** @throws GradingFault when the server cannot be made ready, or cleaned up, or the grading is not wanted any longer. */
  async run(): Promise<SqlJobOutcome> {
    const administrator = await this.ours(() => this.asAdministrator(null));
    const ask = this.askBy(administrator, ADMINISTRATOR_KIB);
    const users: JobUsers = { student: newUser('student'), checker: newUser('checker') };
    await this.ours(async () => {
      await this.dialect.clean(ask);
      await this.dialect.make(ask, users, (database, statement) => this.within(database, statement));
    });
    this.clock.start();
    try {
      await this.work(users, ask);
    } catch (error) {
      this.progress.failure = await this.failureOf(error);
    } finally {
      this.clock.stop();
    }
    const { failure } = this.progress;
    // Whatever met a limit, or broke the connection, may have left the server in any state.
    if (this.clock.reason !== null || this.isBroken || (failure !== null && failure.kind !== 'error')) {
      this.closeAll();
      await this.server.discard();
    } else {
      await this.ours(() => this.dialect.clean(ask));
      this.closeAll();
    }
    const { cpuTimeMs, wallTimeMs } = this.clock;
    return { ...this.progress, cpuTimeMs, wallTimeMs, peakMemoryKiB: null };
  }

  private isBroken = false;

  private async work(users: JobUsers, ask: Ask): Promise<void> {
    const { job, progress, limits } = this;
    const script = await this.connect(users.student);
    for (const statement of this.dialect.scriptSession(limits.wallTimeMs)) await this.runOn(script, statement);
    for (const { path, statements } of job.setup) await this.runAll(script, statements, path);
    this.place = { file: null, line: null };
    await this.runOn(script, 'COMMIT');
    progress.phase = 'script';
    const results = await this.runAll(script, job.script, null);
    progress.resultCount = results.length;
    script.close();
    await this.dialect.endSessions(ask);
    progress.phase = 'check';
    this.place = { file: null, line: null };
    const chosen = job.resultSet === null ? results.at(-1) : results[job.resultSet - 1];
    const explained = job.query ?? chosen?.statement ?? null;
    if (job.query === null) progress.result = chosen?.result ?? null;
    if (job.query === null && !job.wantsSchema && (!job.wantsPlan || explained === null)) return;
    const checker = await this.connect(users.checker);
    for (const statement of this.dialect.checkSession(limits.wallTimeMs)) await this.runOn(checker, statement);
    const look = this.askBy(checker, FACTS_KIB);
    if (job.wantsSchema) progress.schema = await this.dialect.schema(look);
    if (job.query !== null) {
      progress.shadows = await this.dialect.shadows(look);
      progress.result = (await checker.run(job.query, new ResultBudget(limits.outputKiB))).at(-1) ?? null;
    }
    if (job.wantsPlan && explained !== null) {
      // What the checking query ran may have changed settings of its session.
      const planner = job.query === null ? checker : await this.anew(checker, users.checker, ask);
      progress.plan = await this.dialect.plan(this.askBy(planner, FACTS_KIB), explained);
    }
  }

  private async anew(old: SqlConnection, user: SqlLogin, ask: Ask): Promise<SqlConnection> {
    old.close();
    await this.dialect.endSessions(ask);
    const connection = await this.connect(user);
    for (const statement of this.dialect.checkSession(this.limits.wallTimeMs)) await this.runOn(connection, statement);
    return connection;
  }

  private async runAll(
    connection: SqlConnection,
    statements: readonly SqlStatement[],
    file: string | null,
  ): Promise<{ readonly statement: string; readonly result: SqlResult }[]> {
    const budget = new ResultBudget(this.limits.outputKiB);
    const results: { statement: string; result: SqlResult }[] = [];
    for (const { text: statement, line } of statements) {
      this.place = { file, line };
      for (const result of await connection.run(statement, budget)) results.push({ statement, result });
    }
    return results;
  }

  private async runOn(connection: SqlConnection, statement: string): Promise<void> {
    await connection.run(statement, new ResultBudget(this.limits.outputKiB));
  }

  private askBy(connection: SqlConnection, kib: number): Ask {
    return async (statement) => (await connection.run(statement, new ResultBudget(kib)))[0]?.rows ?? [];
  }

  private connect(login: SqlLogin): Promise<SqlConnection> {
    return this.open(login, Math.max(this.limits.outputKiB, FACTS_KIB));
  }

  private asAdministrator(database: string | null): Promise<SqlConnection> {
    return this.open({ ...this.server.administrator, database }, ADMINISTRATOR_KIB);
  }

  private async within(database: string, statement: string): Promise<void> {
    const connection = await this.asAdministrator(database);
    await this.runOn(connection, statement);
    connection.close();
  }

  private async open(login: SqlLogin, kib: number): Promise<SqlConnection> {
    const connection = await this.dialect.connect(await this.server.connect(), login, mostBytes(kib));
    this.connections.add(connection);
    return connection;
  }

  private closeAll(): void {
    for (const connection of this.connections) connection.close();
  }

  /** What the script has no part in: where it fails, that is our fault, and the server is not used again. */
  private async ours<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      this.closeAll();
      await this.server.discard();
      if (this.signal.aborted) throw new GradingFault('aborted', { cause: error });
      const message = error instanceof Error ? error.message : String(error);
      throw new GradingFault(`The database server ${this.dialect.key} cannot be used: ${message}`, { cause: error });
    }
  }

  /** @throws GradingFault, or what is no failure of the job's SQL. */
  private async failureOf(error: unknown): Promise<SqlFailure> {
    const { file, line } = this.place;
    this.progress.failedFile = file;
    if (this.signal.aborted) throw new GradingFault('aborted', { cause: error });
    if (this.clock.reason !== null) return { kind: this.clock.reason };
    if (error instanceof ResultTooLarge) return { kind: error.limit };
    if (error instanceof SqlRefusal) {
      if (error.what === 'memory') return { kind: 'memory_limit' };
      if (error.what === 'time' && this.clock.isOver) return { kind: 'wall_limit' };
      const at = line === null ? null : line + (error.line ?? 1) - 1;
      return { kind: 'error', message: error.message, line: at, isSyntax: error.what === 'syntax' };
    }
    this.isBroken = true;
    const ended = await this.clock.endOfServer();
    if (ended !== null && ended !== 'other') return { kind: ended };
    if (ended === null && !(error instanceof ConnectionLost)) {
      await this.server.discard();
      throw error;
    }
    const message =
      ended === null
        ? 'The connection to the database server was lost.'
        : 'The database server ended while it ran this.';
    return { kind: 'error', message, line, isSyntax: false };
  }
}

function newUser(user: string): SqlLogin {
  return { user, password: randomBytes(18).toString('hex'), database: DATABASE };
}
