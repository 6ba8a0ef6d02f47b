import { spawn } from 'node:child_process';
import { constants } from 'node:fs';
import { access } from 'node:fs/promises';
import { constants as osConstants } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { CommandFailure } from './progress.mjs';

/** The project's root, wherever the command was started from. */
export const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

/** How much of a failed program's output is worth showing. */
const LINES_SHOWN_OF_A_FAILURE = 40;

/** Programs that `run` waits for at this moment. */
const running = new Set();

/** Passes a signal on to all that runs: a command that is ended must not leave its helpers at work. */
export function signalRunning(signal) {
  for (const child of running) child.kill(signal);
}

/**
 * Runs a program to its end. Its output is kept and not shown, unless `inherit` is set; no program gets a terminal to ask
 * on. Never rejects because of the exit status: look at `status`.
 *
 * @param {string} file
 * @param {readonly string[]} args
 * @param {{ inherit?: boolean, cwd?: string, env?: NodeJS.ProcessEnv, input?: string, uid?: number, gid?: number }} [options]
 * @returns {Promise<{ status: number, output: string }>} status 127 when there is no such program, 128+n after signal n
 */
export function run(file, args, options = {}) {
  const { inherit = false, input, ...rest } = options;
  return new Promise((resolve) => {
    const output = inherit ? 'inherit' : 'pipe';
    const child = spawn(file, args, {
      cwd: root,
      ...rest,
      stdio: [input === undefined ? 'ignore' : 'pipe', output, output],
    });
    const chunks = [];
    child.stdout?.on('data', (chunk) => chunks.push(chunk));
    child.stderr?.on('data', (chunk) => chunks.push(chunk));
    // A program that ends before it has read its input is judged by its exit status.
    child.stdin?.on('error', () => {});
    child.stdin?.end(input);
    running.add(child);
    const finish = (status, extra = '') => {
      running.delete(child);
      resolve({ status, output: Buffer.concat(chunks).toString('utf8') + extra });
    };
    child.on('error', (error) => finish(error.code === 'ENOENT' ? 127 : 126, error.message));
    child.on('close', (code, signal) => finish(code ?? 128 + (osConstants.signals[signal] ?? 0)));
  });
}

/**
 * Runs a program that has to succeed.
 *
 * @param {string} file
 * @param {readonly string[]} args
 * @param {Parameters<typeof run>[2] & { failure: string }} options `failure`: what to say, and what to do next, when it fails
 * @returns {Promise<string>} its output
 */
export async function runOrFail(file, args, { failure, ...options }) {
  const { status, output } = await run(file, args, options);
  if (status !== 0) throw new CommandFailure(`${tail(output)}\n${failure}`.trimStart());
  return output;
}

/** @param {string} output */
export function tail(output) {
  return output.trimEnd().split('\n').slice(-LINES_SHOWN_OF_A_FAILURE).join('\n');
}

/**
 * Finds a program as a shell would, and in the folders where Debian puts servers and which a user's PATH may lack.
 *
 * @param {...string} names the first that is there is taken
 * @returns {Promise<string | null>} its path
 */
export async function findProgram(...names) {
  const folders = [...(process.env.PATH ?? '').split(delimiter), '/usr/local/sbin', '/usr/sbin', '/sbin'];
  for (const name of names) {
    for (const folder of folders) {
      if (folder === '') continue;
      const path = join(folder, name);
      if (await isExecutable(path)) return path;
    }
  }
  return null;
}

/** @param {string} path */
export async function isExecutable(path) {
  return access(path, constants.X_OK).then(
    () => true,
    () => false,
  );
}

/** The script of an installed package's command, to be run with this very Node. @param {string} path below node_modules */
export function packageScript(path) {
  return join(root, 'node_modules', path);
}
