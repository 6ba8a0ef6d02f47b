import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { parse } from 'yaml';
import { loadPackages } from '../../../scripts/lib/load-packages.mjs';

const GOOD = JSON.stringify({
  tests: [{ name: 'prints', run: 'python3 main.py', output: '3', points: 2, timeout: 10 }],
});

interface Asked {
  readonly path: string;
  readonly authorization: string | undefined;
  readonly body: { readonly title?: string };
}

async function command(args: readonly string[], env: Record<string, string> = {}) {
  const written = { stdout: '', stderr: '' };
  const sink = (name: keyof typeof written) => ({ write: (text: string) => (written[name] += text) });
  const status = await loadPackages(args, env, { stdout: sink('stdout'), stderr: sink('stderr') });
  return { status, ...written };
}

describe('loadPackages', () => {
  let folder: string;
  let asked: Asked[];

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'assay-load-'));
    await writeFile(join(folder, 'good.json'), GOOD);
    await writeFile(join(folder, 'refused.json'), GOOD);
    await writeFile(join(folder, 'bad.json'), 'int main(void) {}');
    asked = [];
    vi.stubGlobal('fetch', fakeServer);
  });

  afterEach(async () => {
    vi.unstubAllGlobals();
    await rm(folder, { recursive: true, force: true });
  });

  /** Answers the two routes that the command uses; refuses assignments with the title `refused`. */
  async function fakeServer(url: string, init: { headers: Record<string, string>; body: string }): Promise<Response> {
    const body = JSON.parse(init.body) as { title?: string };
    asked.push({ path: new URL(url).pathname, authorization: init.headers['authorization'], body });
    if (body.title === 'refused') {
      const errors = [{ path: '/grading/tests/0/points', message: 'must be smaller' }];
      return Response.json({ detail: 'One fault.', errors }, { status: 422 });
    }
    const isLogin = url.endsWith('/auth/login');
    return Promise.resolve(
      isLogin
        ? Response.json({ accessToken: 'from-login' })
        : Response.json({ id: 'new-id', status: 'draft' }, { status: 201 }),
    );
  }

  const at = (name: string): string => join(folder, name);

  it('prints documents to standard output and all else to standard error', async () => {
    const { status, stdout, stderr } = await command([at('bad.json'), at('good.json'), '--print']);
    expect(status).toBe(1);
    expect(parse(stdout)).toMatchObject({ runtime: 'python', tests: [{ name: 'prints', points: 2 }] });
    expect(stderr).toContain(`[1/2] ${at('bad.json')}: FAILED: is not JSON`);
    expect(stderr).toContain('warning: /tests/0/timeout: ');
    expect(stderr).toContain('1 of 2 packages printed');
    expect(asked).toEqual([]);
  });

  it('makes an assignment of each package, going on after one that is refused', async () => {
    const args = [at('refused.json'), at('good.json'), '--course', 'c1', '--runtime', 'node'];
    const { status, stdout, stderr } = await command(args, { ASSAY_TOKEN: 'secret-token' });
    expect(status).toBe(1);
    expect(stderr).toContain('/grading/tests/0/points must be smaller');
    expect(stdout).toContain('loaded as draft assignment new-id');
    expect(stdout).toContain('1 of 2 packages loaded');
    expect(stdout + stderr).not.toContain('secret-token');
    expect(asked).toHaveLength(2);
    expect(asked[1]).toMatchObject({
      path: '/api/v1/courses/c1/assignments',
      authorization: 'Bearer secret-token',
      body: { title: 'good', status: 'draft', grading: { runtime: 'node' } },
    });
  });

  it('signs in with e-mail and password from the environment', async () => {
    const env = { ASSAY_EMAIL: 'a@example.org', ASSAY_PASSWORD: 'a password' };
    const { status } = await command([at('good.json'), '--course', 'c1', '--status', 'published'], env);
    expect(status).toBe(0);
    expect(asked[0]).toMatchObject({
      path: '/api/v1/auth/login',
      body: { email: 'a@example.org', password: 'a password' },
    });
    expect(asked[1]).toMatchObject({ authorization: 'Bearer from-login', body: { status: 'published' } });
  });

  it('says which server gave no answer', async () => {
    vi.stubGlobal('fetch', () => Promise.reject(new TypeError('fetch failed', { cause: { code: 'ECONNREFUSED' } })));
    const args = [at('good.json'), '--course', 'c1', '--url', 'http://127.0.0.1:1'];
    const { status, stderr } = await command(args, { ASSAY_TOKEN: 't' });
    expect(status).toBe(1);
    expect(stderr).toMatch(/http:\/\/127\.0\.0\.1:1 gave no answer .*ECONNREFUSED/);
  });

  it.each([
    [['x.json'], 'Name either the --course'],
    [['--print'], 'Name at least one package'],
    [['x.json', '--print', '--course', 'c'], 'Name either the --course'],
    [['x.json', '--course', 'c', '--status', 'archived'], '--status is draft or published'],
    [['x.json', '--course', 'c', '--url', 'here'], '--url is where the server is'],
    [['x.json', '--course', 'c'], 'Who are you?'],
    [['x.json', '--print', '--password', 'p'], "Unknown option '--password'"],
  ])('says what is missing in %j', async (args, reason) => {
    await expect(command(args)).rejects.toThrow(reason);
  });
});
