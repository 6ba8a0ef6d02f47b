import { spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { get } from 'node:http';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { root } from '../lib/processes.mjs';
import { CommandFailure } from '../lib/progress.mjs';
import { descendantsOf, identityOf } from './leftovers.mjs';

const READY_WITHIN_MS = 90_000;
const POLL_EVERY_MS = 50;

/** One process of the built program: an API, a worker, or both in one. Killed, frozen and started again at will. */
export class AssayProcess {
  #file;
  #environment;
  #folder;
  #log;
  #child = null;
  #ended = Promise.resolve(null);
  /** Every process that this one ever was, by the identity that the sandbox puts into names. */
  identities = [];
  /** What ran below it when it was last killed. */
  below = [];

  /**
   * @param {{ name: string, program: 'main' | 'worker', healthPort: number, environment: Record<string, string>, folder: string, log: string }} process
   */
  constructor({ name, program, healthPort, environment, folder, log }) {
    this.name = name;
    this.healthPort = healthPort;
    this.#file = join(root, 'dist', 'src', `${program}.js`);
    this.#environment = environment;
    this.#folder = folder;
    this.#log = log;
  }

  get pid() {
    return this.#child?.pid;
  }

  get isRunning() {
    return this.#child !== null && this.#child.exitCode === null && this.#child.signalCode === null;
  }

  /** Resolves at its end to the exit status, or the signal that ended it. */
  get ended() {
    return this.#ended;
  }

  /** @param {Record<string, string>} [more] variables for this life only */
  start(more = {}) {
    const log = openSync(this.#log, 'a');
    this.#child = spawn(process.execPath, [this.#file], {
      cwd: this.#folder,
      stdio: ['ignore', log, log],
      env: { ...this.#environment, ...more },
    });
    closeSync(log);
    this.identities.push(identityOf(this.#child.pid));
    const child = this.#child;
    this.#ended = new Promise((resolve) => child.once('exit', (code, signal) => resolve(signal ?? code)));
  }

  async ready() {
    const deadline = performance.now() + READY_WITHIN_MS;
    while (performance.now() < deadline) {
      if (!this.isRunning) throw new CommandFailure(`${this.name} ended before it was ready; its log is ${this.#log}.`);
      if ((await this.ask('/health/ready'))?.status === 200) return;
      await pause(POLL_EVERY_MS);
    }
    throw new CommandFailure(
      `${this.name} was not ready within ${READY_WITHIN_MS / 1_000} s; its log is ${this.#log}.`,
    );
  }

  async startAndWait(more) {
    this.start(more);
    await this.ready();
  }

  /** kill -9; resolves when it is gone. What ran below it is remembered. */
  async kill() {
    this.below = descendantsOf(this.pid);
    this.#child.kill('SIGKILL');
    await this.#ended;
  }

  signal(signal) {
    this.#child.kill(signal);
  }

  /** An orderly stop; resolves to the exit status. */
  async stop(withinMs = 40_000) {
    if (!this.isRunning) return null;
    this.signal('SIGTERM');
    const timer = setTimeout(() => this.#child.kill('SIGKILL'), withinMs);
    const end = await this.#ended;
    clearTimeout(timer);
    return end;
  }

  /** A GET to its own port; null where it does not answer. @returns {Promise<{ status: number, text: string } | null>} */
  ask(path, timeoutMs = 3_000) {
    return new Promise((resolve) => {
      const request = get(
        { port: this.healthPort, host: '127.0.0.1', path, timeout: timeoutMs, agent: false },
        (response) => {
          let text = '';
          response.setEncoding('utf8');
          response.on('data', (chunk) => (text += chunk));
          response.once('error', () => resolve(null));
          response.once('end', () => resolve({ status: response.statusCode, text }));
        },
      );
      request.once('timeout', () => request.destroy());
      request.once('error', () => resolve(null));
    });
  }

  /** One figure of its metrics, summed over its labels; null where it cannot be had. @param {string} name */
  async metric(name) {
    const answer = await this.ask('/metrics');
    if (answer?.status !== 200) return null;
    const lines = answer.text.split('\n').filter((line) => line.startsWith(`${name} `) || line.startsWith(`${name}{`));
    return lines.length === 0 ? null : lines.reduce((sum, line) => sum + Number(line.slice(line.lastIndexOf(' '))), 0);
  }
}
