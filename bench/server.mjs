import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { Agent, request } from 'node:http';
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
 * @returns {Promise<{ base: string, pid: number, folder: string, environment: NodeJS.ProcessEnv, guest: RestClient, admin: RestClient, adminToken: string, signInAgain: () => Promise<RestClient> }>}
 *   `signInAgain` gives another `admin`, for what takes longer than the 15 minutes that an access token is good for
 */
export async function startServer(cleanup, environment = {}) {
  const folder = await mkdtemp(join(tmpdir(), 'assay-bench-'));
  cleanup.add(() => rm(folder, { recursive: true, force: true }));
  const port = await freePort();
  const env = {
    PATH: process.env.PATH,
    HOME: folder,
    LANG: 'C.UTF-8',
    PORT: String(port),
    DATABASE_URL: `sqlite:${join(folder, 'assay.db')}`,
    STORAGE_URL: `file:${join(folder, 'files')}`,
    ADMIN_EMAIL: ADMIN.email,
    ADMIN_PASSWORD: ADMIN.password,
    LOG_LEVEL: 'error',
    // One client asks here as often as a whole school does.
    RATE_LIMITS: 'off',
    ...environment,
  };
  const child = startProgram('main.js', folder, env, cleanup);
  const base = `http://127.0.0.1:${port}`;
  await waitUntilReady(base, child);
  const guest = new RestClient(base);
  const { client: admin, token: adminToken } = await signInWithToken(guest, ADMIN);
  const signInAgain = async () => (await signIn(guest, ADMIN)).client;
  return { base, pid: child.pid, folder, environment: env, guest, admin, adminToken, signInAgain };
}

/** A worker of its own for a server that `startServer` has started as an API. */
export function startWorker(cleanup, { folder, environment }) {
  return startProgram('worker.js', folder, environment, cleanup);
}

function startProgram(file, folder, env, cleanup) {
  const child = spawn(process.execPath, [join(root, 'dist', 'src', file)], {
    cwd: folder,
    stdio: ['ignore', 'ignore', 'inherit'],
    env,
  });
  const ended = new Promise((resolve) => child.once('exit', resolve));
  cleanup.add(async () => {
    child.kill('SIGTERM');
    await ended;
  });
  return child;
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

/**
 * Sends the same POST many times over a few connections that stay open, and reads the answers. By hand, since a benchmark
 * that runs beside the server takes from it what the client costs.
 *
 * @param {{ url: string, token: string, body: unknown, times: number, connections: number }} options
 * @returns {Promise<any[]>} the bodies of the answers, all of which are 202
 */
export async function postMany({ url, token, body, times, connections }) {
  const agent = new Agent({ keepAlive: true, maxSockets: connections });
  const payload = Buffer.from(JSON.stringify(body));
  const headers = {
    authorization: `Bearer ${token}`,
    'content-type': 'application/json',
    'content-length': payload.length,
  };
  const post = () =>
    new Promise((resolve, reject) => {
      request(url, { method: 'POST', agent, headers }, (response) => {
        const chunks = [];
        response.on('data', (chunk) => chunks.push(chunk));
        response.once('error', reject);
        response.once('end', () => {
          const text = Buffer.concat(chunks).toString();
          if (response.statusCode === 202) resolve(JSON.parse(text));
          else reject(new CommandFailure(`POST ${url} was answered ${response.statusCode}: ${text.slice(0, 300)}`));
        });
      })
        .once('error', reject)
        .end(payload);
    });
  try {
    return await Promise.all(Array.from({ length: times }, post));
  } finally {
    agent.destroy();
  }
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
