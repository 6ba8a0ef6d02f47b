import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { signIn } from '../scripts/lib/demo-accounts.mjs';
import { root } from '../scripts/lib/processes.mjs';
import { CommandFailure } from '../scripts/lib/progress.mjs';
import { RestClient } from '../scripts/lib/rest-client.mjs';

const ADMIN = { email: 'bench@example.org', password: 'bench-password-1', name: 'Bench' };

/** A port that was free a moment ago. */
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
 * Starts the built program as its own process, on an empty database, and signs in as an administrator. Everything is undone
 * by the cleanup.
 *
 * @param {import('../scripts/lib/cleanup.mjs').Cleanup} cleanup
 * @param {NodeJS.ProcessEnv} environment over the embedded defaults
 * @returns {Promise<{ base: string, pid: number, guest: RestClient, admin: RestClient }>}
 */
export async function startServer(cleanup, environment = {}) {
  const folder = await mkdtemp(join(tmpdir(), 'assay-bench-'));
  cleanup.add(() => rm(folder, { recursive: true, force: true }));
  const port = await freePort();
  const child = spawn(process.execPath, [join(root, 'dist', 'src', 'main.js')], {
    cwd: folder,
    stdio: ['ignore', 'ignore', 'inherit'],
    env: {
      PATH: process.env.PATH,
      HOME: folder,
      LANG: 'C.UTF-8',
      PORT: String(port),
      DATABASE_URL: `sqlite:${join(folder, 'assay.db')}`,
      STORAGE_URL: `file:${join(folder, 'files')}`,
      ADMIN_EMAIL: ADMIN.email,
      ADMIN_PASSWORD: ADMIN.password,
      LOG_LEVEL: 'error',
      ...environment,
    },
  });
  const ended = new Promise((resolve) => child.once('exit', resolve));
  cleanup.add(async () => {
    child.kill('SIGTERM');
    await ended;
  });
  const base = `http://127.0.0.1:${port}`;
  await waitUntilReady(base, child);
  const guest = new RestClient(base);
  const { client: admin } = await signIn(guest, ADMIN);
  return { base, pid: child.pid, guest, admin };
}

/**
 * Registers and signs in, for whoever sends requests of its own with the access token.
 *
 * @param {RestClient} guest
 * @param {{ email: string, password: string, name: string }} account
 */
export async function signInWithToken(guest, account) {
  const { user, client } = await signIn(guest, account);
  const { email, password } = account;
  const { body } = await guest.request('POST', '/auth/login', { body: { email, password } });
  return { user, client, token: body.accessToken };
}

async function waitUntilReady(base, child) {
  for (let attempt = 0; attempt < 300; attempt += 1) {
    if (child.exitCode !== null) {
      throw new CommandFailure('The server ended before it was ready; its reason stands above.');
    }
    if ((await fetch(`${base}/health/ready`).catch(() => null))?.ok) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  const last = await fetch(`${base}/health/ready`).then((response) => response.text(), String);
  throw new CommandFailure(`The server was not ready within 30 s. It says: ${last}`);
}

/** A published course and assignment of the administrator. */
export async function createAssignment(admin, grading, title = 'Bench') {
  const course = (await admin.request('POST', '/courses', { body: { code: 'BENCH', title, status: 'published' } }))
    .body;
  return (
    await admin.request('POST', `/courses/${course.id}/assignments`, { body: { title, status: 'published', grading } })
  ).body;
}
