import { closeSync } from 'node:fs';
import { Socket } from 'node:net';
import type { Duplex } from 'node:stream';

import { type StartedRun, startInBubblewrap } from './bubblewrap-run.js';
import { FOLDERS_FOLDER } from './bubblewrap-arguments.js';
import type { BubblewrapRun } from './bubblewrap-start.js';
import { NetworkHolder } from './network-holder.js';
import { PROBE_LIMITS } from './probe.js';
import type { RunOutcome } from './run-outcome.js';
import type { Runtime } from './runtimes.js';
import type { RunningProgram, SandboxFolder, SandboxProgram } from './sandbox.js';
import { type InputPipe, type OutputPipes, reopen } from './scratch-folder.js';
import { openNameless, SeparateSteps } from './separate-steps.js';
import { environmentOf, type StepsContext } from './steps.js';
import type { Slot } from './uid-pool.js';
import { type KeptEntries, readArchive, WorkingFiles } from './working-files.js';

/** Beside each other in one session. */
const MOST_PROGRAMS = 16;
const GRACE_MS = 2_000;

/** Everything that is opened for one program; the run closes the descriptors. */
type Opened = Pick<BubblewrapRun, 'archive' | 'stdin' | 'protectedFiles' | 'pipes'> & {
  readonly input: InputPipe | null;
};

/**
 * Steps and programs of one session in one network, each in a bubblewrap of its own: with processes, memory, file systems and
 * limits that the others do not see. A supervisor could not do this: it runs one program at a time.
 */
export class SharedSteps extends SeparateSteps {
  private readonly holder: NetworkHolder;
  private readonly running = new Set<Promise<unknown>>();
  private begun = 0;
  private readonly streams = new Set<Socket>();

  /** @param node the runtime that the holder of the network runs on. */
  constructor(context: StepsContext, slot: Slot, node: Runtime) {
    super(context, slot);
    const { machine, scratch } = context.prepared;
    // Of its command only the interpreter, which depends on no limit.
    const [program = node.key] = node.command(null, [], PROBE_LIMITS);
    this.holder = new NetworkHolder({ machine, uid: slot.uid, node: program, binds: scratch.binds(node, false) });
  }

  protected override networkOf(): Promise<number> {
    return this.holder.process();
  }

  /** @throws Error when there are too many, or its folders or files are not such as are promised. */
  async start(program: SandboxProgram, signal: AbortSignal): Promise<RunningProgram> {
    if (program.files !== undefined && program.keepFiles === true) {
      throw new Error('a program that has files of its own leaves none to the session');
    }
    const folders = program.folders ?? [];
    if (folders.some(({ destination }) => !new RegExp(`^${FOLDERS_FOLDER}/[a-z0-9-]+$`).test(destination))) {
      throw new Error(`a folder is shown in ${FOLDERS_FOLDER}, by a name of small letters`);
    }
    if (this.running.size >= MOST_PROGRAMS) throw new Error(`a session runs at most ${MOST_PROGRAMS} programs`);
    const starting = this.startNow(program, folders, signal);
    const whole = starting.then(
      ({ ended }) => ended,
      () => undefined,
    );
    const tracked = whole.finally(() => this.running.delete(tracked));
    this.running.add(tracked);
    return starting;
  }

  private async startNow(
    program: SandboxProgram,
    folders: readonly SandboxFolder[],
    signal: AbortSignal,
  ): Promise<RunningProgram> {
    const { prepared, runtime, systemSitePackages, log } = this.context;
    const networkOf = await this.networkOf();
    const { input, ...opened } = await this.open(program);
    const streams = this.streamsOf(opened.pipes, input);
    let left: KeptEntries | null = null;
    const started = startInBubblewrap(prepared.machine, {
      step: { ...program, stdin: Buffer.alloc(0), environment: environmentOf(this.context, program), signal },
      uid: this.slot.uid,
      binds: prepared.scratch.binds(runtime, systemSitePackages),
      ...opened,
      output: program.streams === true ? 'streamed' : 'dropped',
      networkOf,
      folders,
      collect:
        program.keepFiles === true
          ? async (stream) => {
              left = await readArchive(stream, program.limits.diskMiB * 1024 * 1024);
            }
          : null,
      onWarning: (message) => log('warn', `sandbox: ${message}`),
    });
    const ended = started.outcome.then((outcome) => {
      // What a program left when it was ended for a limit is half of something.
      if (left !== null && (outcome.kind === 'exited' || outcome.kind === 'signalled')) this.files.replaceBy(left);
      streams?.stdin.destroy();
      return outcome;
    });
    await started.started;
    return new StartedProgram(started, ended, streams);
  }

  /** Remembers the working files; what it returns puts them back. */
  rememberFiles(): () => void {
    const files = this.files.all;
    return () => this.files.replaceBy(files);
  }

  connect(port: number): Promise<Duplex> {
    return this.holder.connect(port);
  }

  /** What was started has been told to end. */
  override async close(): Promise<void> {
    await Promise.all(this.running);
    for (const stream of this.streams) stream.destroy();
    await this.holder.close();
    await super.close();
  }

  private async open(program: SandboxProgram): Promise<Opened> {
    const { scratch } = this.context.prepared;
    this.begun += 1;
    // Never used again: a stream may be read after its program has ended.
    const name = `${this.slot.index}-${this.begun}`;
    const opened: number[] = [];
    const hold = (descriptor: number): number => {
      opened.push(descriptor);
      return descriptor;
    };
    try {
      const archive = hold(await this.openArchive(program));
      const input = program.streams === true ? await scratch.openInputPipe(name) : null;
      if (input !== null) opened.push(input.reader, input.writer);
      const stdin = input === null ? hold(openNameless(scratch, Buffer.alloc(0))) : input.reader;
      const protectedFiles = program.showsProtected === true ? this.protectedFiles.open() : null;
      for (const { descriptor } of protectedFiles ?? []) hold(descriptor);
      return { archive, stdin, input, protectedFiles, pipes: await scratch.openPipes(name, false) };
    } catch (error) {
      for (const descriptor of opened) closeSync(descriptor);
      throw error;
    } finally {
      scratch.removePipes(name);
    }
  }

  private async openArchive({ files }: SandboxProgram): Promise<number> {
    if (files === undefined) return reopen(await this.storeArchive());
    const own = new WorkingFiles();
    own.put(files);
    return openNameless(this.context.prepared.scratch, await own.archive());
  }

  /** Null for a program that has none. */
  private streamsOf({ stdout }: OutputPipes, input: InputPipe | null): ProgramStreams | null {
    if (input === null) return null;
    const streams = {
      stdin: new Socket({ fd: input.writer, readable: false, writable: true }),
      stdout: new Socket({ fd: stdout.reader, readable: true, writable: false }),
    };
    for (const stream of Object.values(streams)) {
      this.streams.add(stream);
      // A pipe whose other end died is at its end, whatever the error says.
      stream.on('error', () => stream.destroy());
      stream.once('close', () => this.streams.delete(stream));
    }
    return streams;
  }
}

interface ProgramStreams {
  readonly stdin: Socket;
  readonly stdout: Socket;
}

class StartedProgram implements RunningProgram {
  constructor(
    private readonly started: StartedRun,
    readonly ended: Promise<RunOutcome>,
    private readonly streams: ProgramStreams | null,
  ) {}

  get stdin() {
    return this.streams?.stdin ?? null;
  }

  get stdout() {
    return this.streams?.stdout ?? null;
  }

  cpuTimeMs(): number {
    return this.started.cpuTimeMs();
  }

  stop(graceMs = GRACE_MS): Promise<RunOutcome> {
    this.started.stop(graceMs);
    return this.ended;
  }
}
