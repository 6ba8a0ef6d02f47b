import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync } from 'node:fs';
import { Socket } from 'node:net';

import { buildHolderArguments } from './bubblewrap-arguments.js';
import { killInside } from './bubblewrap-launcher.js';
import type { BubblewrapMachine } from './bubblewrap-start.js';
import { childrenOf } from './process-tree.js';
import type { RuntimeBind } from './runtimes.js';

/** Starting takes milliseconds; a machine that needs this long cannot judge anybody's time limit. */
const START_TIMEOUT_MS = 15_000;
/** Where nobody takes connections from a full queue, the kernel would go on asking for minutes. */
const CONNECT_TIMEOUT_MS = 10_000;
const LONGEST_COMPLAINT = 4 * 1024;

/** Open at a time; each is a descriptor of the worker. */
const MOST_CONNECTIONS = 512;

const CHANNEL = 3;
const SECCOMP = 4;

/**
 * Connects, and hands the connection over: what flows through it never passes here. Paused, or the first bytes would be read
 * here. A shell says before it that the network is up, because this takes ten times as long to start.
 */
const PROGRAM = `
const { connect } = require('node:net');
process.on('disconnect', () => process.exit());
process.on('message', ({ id, port }) => {
  const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true });
  socket.pause();
  const fail = (code) => { socket.destroy(); process.send({ id, code }); };
  const timer = setTimeout(fail, ${CONNECT_TIMEOUT_MS}, 'ETIMEDOUT');
  socket.once('error', ({ code }) => { clearTimeout(timer); fail(code); });
  socket.once('connect', () => { clearTimeout(timer); process.send({ id }, socket); });
});`;

export interface HolderStart {
  readonly machine: BubblewrapMachine;
  readonly uid: number | null;
  /** Node as it is found inside, and what must be shown for it. */
  readonly node: string;
  readonly binds: readonly RuntimeBind[];
}

interface Waiting {
  readonly resolve: (socket: Socket) => void;
  readonly reject: (error: Error) => void;
}

/** Like the errors of Node's own connections. */
function connectionError(port: number, code: string): Error {
  return Object.assign(new Error(`connect ${code} 127.0.0.1:${port}`), { code });
}

/**
 * Keeps the network of a session while programs come and go in it, and makes the worker's connections there. A trusted process
 * in a bubblewrap of its own: programs join its user and network namespaces and nothing else of it, so they see neither it nor
 * its files, and it listens on no port. Its one door is the channel that it inherited from the worker.
 *
 * A connection is a socket that is made inside and passed out to the worker (SCM_RIGHTS, which is how Node passes them): the
 * kernel does the rest, and there is nothing of ours that could lose, hold up or mix what flows.
 */
export class NetworkHolder {
  private readonly child: ChildProcess;
  private readonly exited: Promise<void>;
  private readonly waiting = new Map<number, Waiting & { readonly port: number }>();
  private readonly connections = new Set<Socket>();
  private asked = 0;
  private complaint = '';
  private broken: Error | null = null;
  private readonly ready: Promise<number>;

  constructor({ machine, uid, node, binds }: HolderStart) {
    const filter = machine.openFilter?.() ?? null;
    try {
      const words = buildHolderArguments(machine.layout, {
        binds,
        seccompDescriptor: filter === null ? null : SECCOMP,
        environment: { NODE_CHANNEL_FD: String(CHANNEL) },
        command: [
          '/bin/sh',
          '-c',
          'echo; exec "$0" "$@"',
          node,
          '--v8-pool-size=1',
          '--openssl-config=/dev/null',
          '-e',
          PROGRAM,
        ],
      });
      this.child = spawn(machine.bubblewrap, words, {
        stdio: ['ignore', 'pipe', 'pipe', 'ipc', filter ?? 'ignore'],
        env: {},
        cwd: '/',
        // A Ctrl-C at the terminal is for the worker, which may want to finish what runs.
        detached: true,
        ...(uid === null ? {} : { uid, gid: uid }),
      });
    } finally {
      if (filter !== null) closeSync(filter);
    }
    this.exited = new Promise((resolve) => {
      this.child.once('close', (code, signal) => {
        this.break(`what holds the network ended (${signal ?? code}) ${this.complaint}`.trim());
        resolve();
      });
      this.child.on('error', (error) => {
        this.break(`what holds the network could not be started or told: ${error.message}`);
        // Without a process there is no end to wait for.
        if (this.child.pid === undefined) resolve();
      });
    });
    this.child.stdout?.on('error', () => undefined);
    this.child.stderr?.on('error', () => undefined);
    this.child.stderr?.on('data', (chunk: Buffer) => {
      if (this.complaint.length < LONGEST_COMPLAINT) this.complaint += chunk.toString('utf8');
    });
    this.child.on('message', (message, handle) => this.take(message, handle));
    this.ready = this.waitUntilReady();
    // Told to whoever asks.
    this.ready.catch(() => undefined);
  }

  /**
   * A process in the network, once that is up.
   * @throws Error when there is none.
   */
  async process(): Promise<number> {
    const pid = await this.ready;
    if (this.broken !== null) throw this.broken;
    return pid;
  }

  /** @throws Error with a `code` where the system refuses; see `SandboxSession.connect`. */
  async connect(port: number): Promise<Socket> {
    await this.process();
    if (this.connections.size + this.waiting.size >= MOST_CONNECTIONS) throw connectionError(port, 'EMFILE');
    return new Promise((resolve, reject) => {
      this.asked += 1;
      const id = this.asked;
      this.waiting.set(id, { resolve, reject, port });
      // An error of the channel is the end of the process, which is told to all that wait.
      this.child.send({ id, port }, () => undefined);
    });
  }

  /** Ends it, and all connections. Resolves when nothing of it is left. Harmless the second time. */
  async close(): Promise<void> {
    this.break('the session is closed');
    await this.exited;
  }

  private async waitUntilReady(): Promise<number> {
    const timer = setTimeout(() => this.break('the network was not up in time'), START_TIMEOUT_MS);
    const said = new Promise<void>((resolve) => this.child.stdout?.once('data', () => resolve()));
    await Promise.race([said, this.exited]);
    clearTimeout(timer);
    const pid = this.child.pid === undefined ? undefined : childrenOf(this.child.pid)[0];
    if (this.broken !== null) throw this.broken;
    if (pid === undefined) throw this.break('what holds the network is not there');
    return pid;
  }

  private take(message: unknown, handle: unknown): void {
    const { id, code } = parseAnswer(message);
    const waiting = this.waiting.get(id);
    this.waiting.delete(id);
    if (!(handle instanceof Socket)) {
      // The other end may have closed it before it was passed.
      waiting?.reject(connectionError(waiting.port, code ?? 'ECONNRESET'));
      return;
    }
    if (waiting === undefined || this.broken !== null) {
      handle.destroy();
      return;
    }
    handle.allowHalfOpen = true;
    // The other end may die at any time: that must not be able to end the worker, where nobody listens just then.
    handle.on('error', () => handle.destroy());
    this.connections.add(handle);
    handle.once('close', () => this.connections.delete(handle));
    waiting.resolve(handle);
  }

  /** Only the first reason counts; what follows is its consequence. */
  private break(reason: string): Error {
    if (this.broken === null) {
      this.broken = new Error(reason);
      killInside(this.child);
      for (const socket of this.connections) socket.destroy();
    }
    for (const { reject } of this.waiting.values()) reject(this.broken);
    this.waiting.clear();
    return this.broken;
  }
}

function parseAnswer(message: unknown): { readonly id: number; readonly code: string | null } {
  const answer = typeof message === 'object' && message !== null ? message : {};
  const id = 'id' in answer && typeof answer.id === 'number' ? answer.id : 0;
  return { id, code: 'code' in answer && typeof answer.code === 'string' ? answer.code : null };
}
