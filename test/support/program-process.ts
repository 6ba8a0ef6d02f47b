import { type ChildProcess, spawn } from 'node:child_process';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { waitFor } from './wait-for.js';

type Program = 'main' | 'worker' | 'migrate' | 'audit-verify';
type Variables = Readonly<Record<string, string | undefined>>;

export interface ProgramEnd {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** What every program needs from the system; nothing else of this process's environment reaches it. */
const PASSED_ON = ['PATH', 'HOME', 'TMPDIR', 'LANG'];

/** One of the built programs, in a process of its own that a test may kill. */
export class ProgramProcess {
  private output = '';
  private complaints = '';
  readonly ended: Promise<ProgramEnd>;

  private constructor(private readonly child: ChildProcess) {
    child.stdout?.on('data', (chunk: Buffer) => {
      this.output += chunk.toString();
    });
    child.stderr?.on('data', (chunk: Buffer) => {
      this.complaints += chunk.toString();
    });
    this.ended = new Promise((resolve, reject) => {
      child.once('error', reject);
      child.once('close', (code, signal) => resolve({ code, signal, stdout: this.output, stderr: this.complaints }));
    });
  }

  static start(program: Program, variables: Variables, args: readonly string[] = []): ProgramProcess {
    const given = Object.fromEntries(PASSED_ON.map((name) => [name, process.env[name]]));
    const file = join(import.meta.dirname, '../../dist/src', `${program}.js`);
    const env = { ...given, ...variables };
    return new ProgramProcess(spawn(process.execPath, [file, ...args], { env, stdio: ['ignore', 'pipe', 'pipe'] }));
  }

  /** Runs it to its end. */
  static run(program: Program, variables: Variables, args: readonly string[] = []): Promise<ProgramEnd> {
    return ProgramProcess.start(program, variables, args).ended;
  }

  signal(signal: NodeJS.Signals): void {
    this.child.kill(signal);
  }

  /** At once, as a machine that loses power; resolves when it is gone. */
  async kill(): Promise<void> {
    this.child.kill('SIGKILL');
    await this.ended;
  }

  /** Waits until it has logged a text. */
  async logged(text: string): Promise<void> {
    await waitFor(() => this.output.includes(text), { until: `the program logs "${text}"`, timeoutMs: 30_000 });
  }

  get log(): string {
    return this.output + this.complaints;
  }
}

/** A port of the loopback that nobody listens on at the moment. */
export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (typeof address !== 'object' || address === null) throw new Error('No port could be had.');
  return address.port;
}
