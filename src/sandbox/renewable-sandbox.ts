import type { Duplex } from 'node:stream';
import { setTimeout as pause } from 'node:timers/promises';

import { DomainError } from '../errors/domain-error.js';
import { explainFailure } from './explain-failure.js';
import type { RunOutcome } from './run-outcome.js';
import {
  type RunningProgram,
  Sandbox,
  type SandboxCapabilities,
  type SandboxFile,
  type SandboxProgram,
  type SandboxSession,
  type SandboxSpec,
  type SandboxStep,
} from './sandbox.js';
import { failedRun } from './steps.js';

/** What a shell and the sandbox say when a program cannot be started. */
const NOT_EXECUTABLE = 126;
const NOT_FOUND = 127;

/** How long sessions of a broken sandbox may go on before another takes its place. */
const PATIENCE_MS = 30_000;

/** Told why a step, or a session, failed through no fault of a program, and what kind of session it was. */
export type FailureListener = (reason: string, spec: SandboxSpec) => void;

/**
 * A sandbox that can be made anew: what an adapter finds out about its machine it finds out once, but a disk fills up, a
 * cleaner takes its folder away, a cgroup is delegated later. Also tells of failures, so that its owner need not wait for the
 * next submission to notice, and keeps one fault from a student: an interpreter that vanished since the worker started.
 */
export class RenewableSandbox extends Sandbox {
  private current: Sandbox;
  private openSessions = 0;
  private isShutDown = false;
  private listener: FailureListener = () => undefined;

  /** @param create makes the adapter; called at once, and by every {@link renew}. */
  constructor(private readonly create: () => Sandbox) {
    super();
    this.current = create();
  }

  /** One listener; the last to come is told. */
  onFailure(listener: FailureListener): void {
    this.listener = listener;
  }

  override probe(): Promise<SandboxCapabilities> {
    return this.current.probe();
  }

  override async open(spec: SandboxSpec): Promise<SandboxSession> {
    let session: SandboxSession;
    try {
      session = await this.current.open(spec);
    } catch (error) {
      if (error instanceof DomainError && error.code === 'sandbox_unavailable') this.tell(reasonOf(error), spec);
      throw error;
    }
    this.openSessions += 1;
    return new WatchedSession(
      session,
      (reason) => this.tell(reason, spec),
      () => {
        this.openSessions -= 1;
      },
    );
  }

  /**
   * Puts a new adapter in the place of the present one, and examines the machine. Sessions that are open may go on for half a
   * minute before they are ended with the old one, or until `signal` aborts.
   */
  async renew(signal: AbortSignal): Promise<SandboxCapabilities> {
    const deadline = performance.now() + PATIENCE_MS;
    while (this.openSessions > 0 && performance.now() < deadline && !signal.aborted) await pause(50);
    // First the old one: two adapters of one process must not give out the same users of the host.
    await this.current.shutDown().catch(() => undefined);
    if (!this.isShutDown) this.current = this.create();
    return this.current.probe();
  }

  override async shutDown(): Promise<void> {
    this.isShutDown = true;
    await this.current.shutDown();
  }

  private tell(reason: string, spec: SandboxSpec): void {
    if (!this.isShutDown) this.listener(reason, spec);
  }
}

function reasonOf(error: Error): string {
  return error.cause instanceof Error ? error.cause.message : error.message;
}

/** Passes everything on, and looks at how it ends. */
class WatchedSession implements SandboxSession {
  private isClosed = false;

  constructor(
    private readonly session: SandboxSession,
    private readonly onFailure: (reason: string) => void,
    private readonly onClosed: () => void,
  ) {}

  put(files: readonly SandboxFile[]): Promise<void> {
    return this.session.put(files);
  }

  async run(step: SandboxStep): Promise<RunOutcome> {
    const outcome = this.watch(step, await this.session.run(step));
    if (outcome.kind === 'sandbox_failure') return outcome;
    return (await this.lacksProgram(step, outcome)) ? failedRun(missing(step)) : outcome;
  }

  async start(program: SandboxProgram): Promise<RunningProgram> {
    const running = await this.session.start(program).catch((error: unknown) => {
      this.tellOf(error);
      throw error;
    });
    const ended = running.ended.then((outcome) => this.watch(program, outcome));
    const { stdin, stdout } = running;
    return {
      stdin,
      stdout,
      ended,
      cpuTimeMs: () => running.cpuTimeMs(),
      stop: (graceMs) => running.stop(graceMs).then(() => ended),
    };
  }

  rememberFiles(): Promise<() => Promise<void>> {
    return this.session.rememberFiles();
  }

  connect(port: number): Promise<Duplex> {
    return this.session.connect(port).catch((error: unknown) => {
      this.tellOf(error);
      throw error;
    });
  }

  /** What has a code is the word of the other end. */
  private tellOf(error: unknown): void {
    if (!this.isClosed && error instanceof Error && !('code' in error)) this.onFailure(error.message);
  }

  /** Tells of a failure of the sandbox, and says what to do about it. */
  private watch({ signal }: Pick<SandboxStep, 'signal'>, outcome: RunOutcome): RunOutcome {
    if (outcome.kind !== 'sandbox_failure') return outcome;
    const reason = outcome.reason ?? 'unknown';
    // Stopped from outside: no failure of the sandbox.
    if (reason === 'aborted' || signal?.aborted === true || this.isClosed) return outcome;
    this.onFailure(reason);
    return { ...outcome, reason: explainFailure(reason) };
  }

  async close(): Promise<void> {
    if (!this.isClosed) {
      this.isClosed = true;
      this.onClosed();
    }
    await this.session.close();
  }

  /**
   * A program outside of the submission's folders is ours: an interpreter, found when the worker started. Where it does not start, and
   * is not there either, it went away since: an update of the system, say. A student's program that exits with 127 has only
   * its interpreter looked for.
   */
  private async lacksProgram({ argv, limits, signal }: SandboxStep, outcome: RunOutcome): Promise<boolean> {
    const [program = ''] = argv;
    const isOurs = program.startsWith('/') && !/^\/(?:box|grader)\//.test(program);
    if (!isOurs || (outcome.exitCode !== NOT_FOUND && outcome.exitCode !== NOT_EXECUTABLE)) return false;
    const look = await this.session.run({
      argv: ['/bin/sh', '-c', '[ -x "$1" ]', 'sh', program],
      stdin: Buffer.alloc(0),
      environment: {},
      limits,
      ...(signal === undefined ? {} : { signal }),
    });
    return look.kind === 'exited' && look.exitCode === 1;
  }
}

function missing({ argv }: SandboxStep): string {
  return `${argv[0] ?? ''} is no longer there, or cannot be executed: install it again, and start the worker anew`;
}
