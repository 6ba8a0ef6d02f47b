import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { parse } from 'yaml';

const SCRIPT = resolve('scripts/load-package.mjs');
const GOOD = JSON.stringify({
  tests: [{ name: 'prints', run: 'python3 main.py', output: '3', points: 2, timeout: 10 }],
});

interface Outcome {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

function command(args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<Outcome> {
  return new Promise((done) => {
    const child = execFile(
      process.execPath,
      [SCRIPT, ...args],
      { env: { PATH: process.env['PATH'], ...env } },
      (_error, stdout, stderr) => {
        done({ status: child.exitCode ?? -1, stdout, stderr });
      },
    );
  });
}

interface Asked {
  readonly url: string | undefined;
  readonly headers: IncomingHttpHeaders;
  readonly body: unknown;
}

/** Answers the two routes that the command uses; refuses assignments with the title `refused`. */
function fakeServer(asked: Asked[]): Promise<Server> {
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const body = JSON.parse(Buffer.concat(chunks).toString('utf8')) as { title?: string };
      asked.push({ url: request.url, headers: request.headers, body });
      const isRefused = body.title === 'refused';
      response.statusCode = isRefused ? 422 : request.url === '/api/v1/auth/login' ? 200 : 201;
      response.end(
        JSON.stringify(
          isRefused
            ? { detail: 'Two faults.', errors: [{ path: '/grading/tests/0/points', message: 'must be smaller' }] }
            : { accessToken: 'from-login', id: 'new-id', status: 'draft' },
        ),
      );
    });
  });
  return new Promise((ready) => server.listen(0, '127.0.0.1', () => ready(server)));
}

describe('npm run load-package', () => {
  let folder: string;
  let server: Server;
  let url: string;
  let asked: Asked[];

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'assay-load-'));
    await writeFile(join(folder, 'good.json'), GOOD);
    await writeFile(join(folder, 'refused.json'), GOOD);
    await writeFile(join(folder, 'bad.json'), 'int main(void) {}');
    asked = [];
    server = await fakeServer(asked);
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });

  afterEach(async () => {
    server.close();
    await rm(folder, { recursive: true, force: true });
  });

  const at = (name: string): string => join(folder, name);

  it('prints documents to standard output and all else to standard error', { timeout: 30_000 }, async () => {
    const { status, stdout, stderr } = await command([at('bad.json'), at('good.json'), '--print']);
    expect(status).toBe(1);
    expect(parse(stdout)).toMatchObject({ runtime: 'python', tests: [{ name: 'prints', points: 2 }] });
    expect(stderr).toContain(`[1/2] ${at('bad.json')}: FAILED: is not JSON`);
    expect(stderr).toContain('warning: /tests/0/timeout: ');
    expect(stderr).toContain('1 of 2 packages printed');
  });

  it('makes an assignment of each package, going on after one that is refused', { timeout: 30_000 }, async () => {
    const args = [at('refused.json'), at('good.json'), '--course', 'c1', '--runtime', 'node', '--url', url];
    const { status, stdout, stderr } = await command(args, { ASSAY_TOKEN: 'secret-token' });
    expect(status).toBe(1);
    expect(stderr).toContain('/grading/tests/0/points must be smaller');
    expect(stdout).toContain('loaded as draft assignment new-id');
    expect(stdout).toContain('1 of 2 packages loaded');
    expect(stdout + stderr).not.toContain('secret-token');
    expect(asked.map((request) => request.url)).toEqual(Array(2).fill('/api/v1/courses/c1/assignments'));
    expect(asked[1]?.headers.authorization).toBe('Bearer secret-token');
    expect(asked[1]?.body).toMatchObject({ title: 'good', status: 'draft', grading: { runtime: 'node' } });
  });

  it('signs in with e-mail and password from the environment', { timeout: 30_000 }, async () => {
    const env = { ASSAY_EMAIL: 'a@example.org', ASSAY_PASSWORD: 'a password' };
    const { status } = await command([at('good.json'), '--course', 'c1', '--url', url, '--status', 'published'], env);
    expect(status).toBe(0);
    expect(asked[0]).toMatchObject({
      url: '/api/v1/auth/login',
      body: { email: 'a@example.org', password: 'a password' },
    });
    expect(asked[1]?.headers.authorization).toBe('Bearer from-login');
    expect(asked[1]?.body).toMatchObject({ status: 'published' });
  });

  it.each([
    [['x.json'], 'Name either the --course'],
    [['--print'], 'Name at least one package'],
    [['x.json', '--print', '--course', 'c'], 'Name either the --course'],
    [['x.json', '--course', 'c', '--status', 'archived'], '--status is draft or published'],
    [['x.json', '--course', 'c'], 'Who are you?'],
    [['x.json', '--print', '--password', 'p'], "Unknown option '--password'"],
  ])('says what is missing in %j', { timeout: 30_000 }, async (args, reason) => {
    const { status, stderr } = await command(args);
    expect(status).toBe(1);
    expect(stderr).toContain(reason);
  });
});
