import type { Duplex, Readable, Writable } from 'node:stream';

import type { RunLimits } from './limits.js';
import type { RunOutcome } from './run-outcome.js';

/** What holds on this machine, found by probing and not by assuming. */
export interface SandboxCapabilities {
  /** Adapter in use, such as `bubblewrap`; `none` when nothing usable was found. */
  readonly driver: string;
  /** False: the worker must refuse to grade. `reason` says why and what to do. */
  readonly usable: boolean;
  readonly reason: string | null;
  /** How memory is limited: the whole tree (cgroup), each process alone (rlimit), or not at all. */
  readonly memory: 'tree' | 'process' | 'none';
  readonly cgroup: 'v1' | 'v2' | 'none';
  readonly seccomp: boolean;
  /** True when programs run under a uid other than the worker's. */
  readonly uidDrop: boolean;
  /** True when a started interpreter's copies can be the programs, where a runtime has such a one. */
  readonly forkServer: boolean;
  /** Weaknesses that an operator should know of, each with its cure. */
  readonly warnings: readonly string[];
}

/** One file laid into the working folder. `path` is relative, `/`-separated and already validated. */
export interface SandboxFile {
  readonly path: string;
  readonly content: Buffer;
  readonly executable?: boolean;
  /**
   * True: laid into `/grader` in place of the working folder. Only steps with `showsProtected` see that folder, and no
   * program can write there: for what judges the submission and must not be replaced by it. Every program of such a step can
   * read it, the student's too where one starts it: no place for expected answers then. Within the step's disk limit; up to
   * 512 of them in any sandbox.
   */
  readonly isProtected?: boolean;
}

/** What a session needs to know before the first run. */
export interface SandboxSpec {
  /** Key of the runtime (`python`, `node`, …); decides what is mounted besides the base system. */
  readonly runtime: string;
  /**
   * What programs find besides themselves: nothing that lasts from one step to the next (`none`), a network with a loopback device
   * that no step before them had (`loopback`), or one such network for the whole session (`shared`), in which steps and started
   * programs run at the same time and the worker may connect to their ports. None reaches the host, or another session.
   */
  readonly network: 'none' | 'loopback' | 'shared';
  /**
   * The file that steps will run with the runtime's interpreter, where the sandbox may start that interpreter once and give
   * each such step a copy of it: those whose `argv` begins with the runtime's command for this file, and which add nothing
   * to the environment. Null, or left out: every step executes its program.
   */
  readonly forkServer?: { readonly entrypoint: string } | null;
  /**
   * `submission`, also when left out: user, network and host-name namespaces of its own. `lane`: those are the ones of
   * earlier submissions of the same kind. Processes, files, memory and IPC are each test's own either way.
   */
  readonly reuse?: 'submission' | 'lane';
  /** True: programs may import the Python packages that are installed on the machine. Left out: the standard library only. */
  readonly systemSitePackages?: boolean;
}

/** One program to run. `argv[0]` is a path inside the sandbox; nothing passes through a shell on the host. */
export interface SandboxStep {
  readonly argv: readonly string[];
  readonly stdin: Buffer;
  readonly environment: Readonly<Record<string, string>>;
  readonly limits: RunLimits;
  /**
   * True for a build: what the step leaves in the working folder is what later steps start from. Otherwise each step
   * starts from the same files, and leaves nothing behind.
   */
  readonly keepFiles?: boolean;
  /**
   * True: the program finds the descriptor 3 open for writing, and what it writes there is the outcome's `report`, held to
   * the output limit; more ends the step as `output_limit`. Whoever starts other programs from it must not let them inherit that
   * descriptor, nor reach it through `/proc`: `docs/sandbox.md` says how ("What a grader can rely on").
   */
  readonly reports?: boolean;
  /** True: `/grader` holds the protected files, read-only. */
  readonly showsProtected?: boolean;
  /** True: probably no other step follows, so that nothing need be prepared for one. Only a hint. */
  readonly isLast?: boolean;
  /** Aborting kills the run; it then ends as `sandbox_failure` with the reason `aborted`. */
  readonly signal?: AbortSignal;
}

/** A folder of the machine that a program is shown read-only. */
export interface SandboxFolder {
  /** Of the operator: never a path that came from a document or a submission. Readable for every user of the machine. */
  readonly source: string;
  /** `/run/NAME`. */
  readonly destination: string;
}

/** A program that goes on running beside the steps of its session, such as a service. */
export interface SandboxProgram extends Pick<
  SandboxStep,
  'argv' | 'environment' | 'limits' | 'showsProtected' | 'signal'
> {
  /** Its own working files in place of the session's: no other program or step sees them. Left out: those of the session. */
  readonly files?: readonly SandboxFile[];
  /** Shown besides the runtime. */
  readonly folders?: readonly SandboxFolder[];
  /**
   * True: what it leaves in the session's working folder when it ends is what later programs and steps start from, unless a limit
   * ended it. Not together with `files`.
   */
  readonly keepFiles?: boolean;
  /**
   * True: standard input and output are streams for the caller, and no limit ends the program for its output; the caller counts.
   * Otherwise its standard input is empty, and its output is collected: what is more than the limit is dropped.
   */
  readonly streams?: boolean;
}

/** What was started. It has its own limits, processes, memory and temporary files; only the network is the session's. */
export interface RunningProgram {
  /** Null unless the program `streams`. Errors on it are the program's end, and need no listener. */
  readonly stdin: Writable | null;
  readonly stdout: Readable | null;
  /** Resolves when nothing of it is left, whoever ended it; never rejects. */
  readonly ended: Promise<RunOutcome>;
  /** What it and all that it started have used so far, user and system, in milliseconds. */
  cpuTimeMs(): number;
  /**
   * Asks all of its processes to end (SIGTERM), and after `graceMs` (two seconds, when left out) makes them. Resolves as `ended`
   * does. Harmless the second time.
   */
  stop(graceMs?: number): Promise<RunOutcome>;
}

/** A sandbox for the tests of one submission. Steps run one at a time. `close` is harmless the second time. */
export interface SandboxSession {
  /** Lays files over those already there. */
  put(files: readonly SandboxFile[]): Promise<void>;
  /** Never rejects for anything that the program does; a broken sandbox is the outcome `sandbox_failure`. */
  run(step: SandboxStep): Promise<RunOutcome>;
  /**
   * Starts a program in a session whose network is `shared`, and resolves when it runs (not: when it is ready for anything). What
   * goes wrong after that, the sandbox's failures included, is told by `ended`.
   * @throws Error for a session without a shared network, one that is closed, one with too many programs, or a network that failed.
   */
  start(program: SandboxProgram): Promise<RunningProgram>;
  /**
   * A TCP connection to 127.0.0.1 in the session's shared network, where the other end may go on sending after this one has ended
   * its part, and the other way round. Ended with the session. Errors on it need no listener.
   * @throws Error with the `code` that the system gives, such as `ECONNREFUSED` while nobody listens; without a code for a
   * sandbox that failed, a session without a shared network, or one that is closed.
   */
  connect(port: number): Promise<Duplex>;
  /**
   * Remembers the working files of a session whose network is `shared`; what it returns puts them back, whatever programs with
   * `keepFiles` have left since. Those that run meanwhile are not touched.
   * @throws Error for a session without a shared network, or one that is closed.
   */
  rememberFiles(): Promise<() => Promise<void>>;
  /** Also ends what was started. */
  close(): Promise<void>;
}

/**
 * Runs untrusted programs. Reports facts and decides no verdict; knows no course and no submission.
 *
 * An adapter promises: nothing of a run outlives it; the limits hold for the whole process tree; a program sees only the
 * base system (read-only), its runtime and its own files; no network but its own loopback; nothing ever runs as uid 0 of
 * the host. Where it cannot promise this, `probe` says so with `usable: false`, and `open` rejects: there is no adapter
 * that runs code without a sandbox.
 */
export abstract class Sandbox {
  /** Examines the machine once; later calls give the same answer. */
  abstract probe(): Promise<SandboxCapabilities>;
  /** @throws DomainError `unavailable` when the sandbox is not usable. */
  abstract open(spec: SandboxSpec): Promise<SandboxSession>;
  /** Ends every running program. Called when the process stops. */
  abstract shutDown(): Promise<void>;
}
