import { spawn } from 'node:child_process';
import { chown, mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { run, tail } from '../processes.mjs';
import { CommandFailure } from '../progress.mjs';

const READY_WITHIN_MS = 60_000;
const POLL_EVERY_MS = 100;
const STOP_WITHIN_MS = 15_000;
/** The longest path that a Unix socket may have is 108 bytes, its name included. */
const LONGEST_FOLDER = 70;

/** A port of the loopback that nobody listens on at this moment. */
export function freePort() {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}

/**
 * A fresh folder for a server's data, gone after cleaning up.
 *
 * @param {string} name
 * @param {import('../cleanup.mjs').Cleanup} cleanup
 */
export async function dataFolder(name, cleanup) {
  const parent = tmpdir().length <= LONGEST_FOLDER ? tmpdir() : '/tmp';
  const folder = await mkdtemp(join(parent, `assay-test-${name}-`));
  cleanup.add(() => rm(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 }));
  return folder;
}

/**
 * The user that a server runs as. Some servers refuse to be root; as root we hand the folder to an ordinary user and start
 * the server as that one.
 *
 * @param {string} folder
 * @param {...string} names users to try, in this order
 * @returns {Promise<{ uid?: number, gid?: number }>} nothing when we are not root: then the server runs as we do
 */
export async function ordinaryUser(folder, ...names) {
  if (process.getuid?.() !== 0) return {};
  for (const name of [...names, 'nobody']) {
    const [uid, gid] = await Promise.all([run('id', ['-u', name]), run('id', ['-g', name])]);
    if (uid.status !== 0 || gid.status !== 0) continue;
    const user = { uid: Number(uid.output), gid: Number(gid.output) };
    await chown(folder, user.uid, user.gid);
    return user;
  }
  return {};
}

/**
 * Starts a server and waits until it answers. It is stopped, by its process id, when cleaning up.
 *
 * @param {object} server
 * @param {string} server.title
 * @param {string} server.file
 * @param {readonly string[]} server.args
 * @param {{ uid?: number, gid?: number }} [server.user]
 * @param {NodeJS.Signals} [server.stopSignal]
 * @param {() => Promise<unknown>} server.answers rejects while the server does not answer yet
 * @param {import('../cleanup.mjs').Cleanup} cleanup
 * @returns {Promise<{ child: import('node:child_process').ChildProcess, ended: Promise<void> }>}
 */
export async function startServer({ title, file, args, user = {}, stopSignal = 'SIGTERM', answers }, cleanup) {
  let output = '';
  const state = { ended: false };
  // Its own process group: Ctrl-C reaches us alone, and we stop the server when nobody needs it any more.
  const child = spawn(file, args, { ...user, detached: true, stdio: ['ignore', 'pipe', 'pipe'], cwd: '/' });
  const keep = (chunk) => {
    output = (output + chunk).slice(-20_000);
  };
  child.stdout.on('data', keep);
  child.stderr.on('data', keep);
  const end = new Promise((resolve) => {
    const finish = () => {
      state.ended = true;
      resolve();
    };
    child.once('error', (error) => {
      keep(error.message);
      finish();
    });
    child.once('exit', finish);
  });
  cleanup.add(async () => {
    if (state.ended) return;
    child.kill(stopSignal);
    const timer = setTimeout(() => child.kill('SIGKILL'), STOP_WITHIN_MS);
    await end;
    clearTimeout(timer);
  });

  const deadline = Date.now() + READY_WITHIN_MS;
  let lastError;
  while (!state.ended && Date.now() < deadline) {
    try {
      await answers();
      return { child, ended: end };
    } catch (error) {
      lastError = error;
    }
    await new Promise((resolve) => setTimeout(resolve, POLL_EVERY_MS));
  }
  throw new CommandFailure(
    `${tail(output)}\nA private ${title} was started (${file}) and ${state.ended ? 'ended at once' : `did not answer within ${READY_WITHIN_MS / 1000} s: ${lastError?.message}`}. Read its output above, or start ${title} on its standard port and run this again.`,
  );
}
