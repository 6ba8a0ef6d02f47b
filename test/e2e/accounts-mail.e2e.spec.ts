import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { expectInvalid, expectProblem } from '../support/expect-problem.js';
import { linkIn, tokenIn } from '../support/mailed-links.js';
import { TestMailServer } from '../support/mail-server.js';
import { startTestApp, type TestApp, type TestResponse } from '../support/test-app.js';
import { waitFor } from '../support/wait-for.js';

let server: TestMailServer;
let app: TestApp;

beforeAll(async () => {
  server = await TestMailServer.start();
  app = await startTestApp({
    worker: false,
    variables: {
      SMTP_URL: server.url,
      MAIL_FROM: 'Assay <assay@example.org>',
      PUBLIC_URL: 'https://assay.example.org/',
      OUTBOX_SWEEP_MS: '50',
    },
  });
});
afterAll(async () => {
  await app?.close();
  await server?.stop();
});

async function nextMail(to: string, ask: () => Promise<TestResponse<unknown>>, status = 202): Promise<string> {
  const before = server.to(to).length;
  const answer = await ask();
  expect([answer.status, answer.body]).toEqual([status, '']);
  return (await waitFor(() => server.to(to)[before], { until: `a mail to ${to} arrives` })).text;
}

const forgot = (email: string): Promise<TestResponse<unknown>> =>
  app.request('POST', '/auth/password/forgot', { body: { email } });
const reset = (body: object): Promise<TestResponse<unknown>> => app.request('POST', '/auth/password/reset', { body });

/** What a browser without JavaScript does with a form. */
const postForm = (path: string, fields: Readonly<Record<string, string>>): Promise<TestResponse<string>> =>
  app.request<string>('POST', path, { body: new URLSearchParams(fields) });

describe('a forgotten password', () => {
  it('is replaced with the token of a mailed link, once', async () => {
    const user = await app.createUser();
    const mail = await nextMail(user.email, () => forgot(user.email.toUpperCase()));
    expect(linkIn(mail)).toMatch(/^https:\/\/assay\.example\.org\/api\/v1\/account\/reset-password\?token=[\w-]{43}$/);
    const body = { token: tokenIn(mail), password: 'another horse entirely' };
    expectInvalid(await reset({ ...body, password: 'short' }), '/password');
    expect((await reset(body)).status).toBe(204);
    expectProblem(await reset(body), 422, 'token_invalid');
    expectProblem(await app.request('GET', '/users/me', { token: user.token }), 401, 'invalid_token');
    const { token } = await app.signIn(user.email, body.password);
    expect((await app.request('GET', '/users/me', { token })).body).toMatchObject({ emailVerified: true });
    await waitFor(() => server.to(user.email).some(({ subject }) => subject === 'Your password was changed'));
  });

  it('is asked for with the same answer whether or not there is an account', async () => {
    const { email } = await app.createUser();
    const seen = await Promise.all(
      [email, 'nobody-at-all@example.org', `' OR 1=1 --`].map(async (one) => {
        const { status, headers, body } = await forgot(one);
        return { status, body, headers: [...headers].filter(([name]) => name !== 'date') };
      }),
    );
    expect(seen[0]).toMatchObject({ status: 202, body: '' });
    expect(seen[1]).toEqual(seen[0]);
    expect(seen[2]).toEqual(seen[0]);
    for (const body of [{}, { email: 1 }, { email: 'a\nb' }, { email, extra: 1 }]) {
      expect((await app.request('POST', '/auth/password/forgot', { body })).status).toBe(422);
    }
  });

  it('is replaced on the page that the link leads to, without JavaScript', async () => {
    const user = await app.createUser();
    const link = new URL(linkIn(await nextMail(user.email, () => forgot(user.email))));
    const path = link.pathname.replace('/api/v1', '');
    const token = link.searchParams.get('token') ?? '';
    const page = await app.request<string>('GET', path + link.search);
    expect(page.status).toBe(200);
    expect(page.headers.get('content-type')).toBe('text/html; charset=utf-8');
    expect(page.headers.get('content-security-policy')).toMatch(
      /^default-src 'none'; style-src 'sha256-.*form-action 'self'/,
    );
    expect(page.headers.get('referrer-policy')).toBe('no-referrer');
    expect(page.headers.get('cache-control')).toBe('no-store');
    expect(page.body).toContain('<label for="field-password">');
    expect(page.body).toContain('autocomplete="new-password"');
    expect(page.body).not.toMatch(/<script|\son\w+=/i);
    // Opened once more, as scanners of mails do: nothing has happened.
    await app.request('GET', path + link.search);

    const short = await postForm(path, { token, password: 'short' });
    expect(short.status).toBe(422);
    expect(short.body).toMatch(/role="alert"><p>The password must be longer/);
    const changed = await postForm(path, { token, password: 'yet another horse' });
    expect([changed.status, changed.body]).toEqual([200, expect.stringContaining('Your password was changed')]);
    await app.signIn(user.email, 'yet another horse');
    expect((await postForm(path, { token, password: 'yet another horse' })).body).toContain('The token is not valid');
  });

  it('has a page that shows nothing but its own text, whatever stands in the link', async () => {
    const evil = `"><script>alert(1)</script>`;
    const page = await app.request<string>('GET', `/account/reset-password?token=${encodeURIComponent(evil)}`);
    expect(page.body).toContain('value="&quot;&gt;&lt;script&gt;');
    const posted = await postForm('/account/reset-password', { token: evil, password: 'long enough for all' });
    expect(posted.status).toBe(422);
    expect(posted.body).not.toContain('<script>');
    const twice = await app.request<string>('GET', '/account/reset-password?token=a&token=b');
    expect(twice.status).toBe(200);
    expectProblem(
      await app.request('POST', '/account/reset-password', { body: 'x'.repeat(20_000) }),
      415,
      'unsupported_media_type',
    );
    expect((await postForm('/account/reset-password', { token: 'x'.repeat(20_000) })).status).toBe(413);
    expect((await postForm('/account/reset-password', { unknown: 'x' })).status).toBe(422);
    // Elsewhere forms are refused as ever: any page could send them.
    expectProblem(
      await app.request('POST', '/auth/login', { body: new URLSearchParams({ email: 'a' }) }),
      415,
      'unsupported_media_type',
    );
  });
});

describe('an e-mail address', () => {
  it('is confirmed by its link', async () => {
    const user = await app.createUser();
    const ask = () => app.request('POST', '/users/me/email/verification', { token: user.token });
    const token = tokenIn(await nextMail(user.email, ask));
    const page = await app.request<string>('GET', `/account/verify-email?token=${token}`);
    expect(page.body).toContain('Confirm');
    expect((await app.request('POST', '/auth/email/verify', { body: { token } })).status).toBe(204);
    expectProblem(await app.request('POST', '/auth/email/verify', { body: { token } }), 422, 'token_invalid');
    expectProblem(await ask(), 409, 'email_verified');
  });

  it('changes when the new one is confirmed', async () => {
    const user = await app.createUser();
    const email = `new-${user.email}`;
    const ask = (currentPassword: string) =>
      app.request('POST', '/users/me/email', { token: user.token, body: { email, currentPassword } });
    expectProblem(await ask('not the password'), 422, 'current_password_wrong');
    const token = tokenIn(await nextMail(email, () => ask(user.password)));
    const done = await postForm('/account/confirm-email', { token });
    expect([done.status, done.body]).toEqual([200, expect.stringContaining('new e-mail address')]);
    expect((await app.request('GET', '/users/me', { token: user.token })).body).toMatchObject({ email });
    await waitFor(() => server.to(user.email).some(({ subject }) => subject.includes('about to change')));
  });

  it('can be needed for everything but looking after the account itself', async () => {
    const strict = await startTestApp({ sharing: app, worker: false, variables: { EMAIL_VERIFICATION: 'required' } });
    try {
      const account = { email: 'strict@example.org', name: 'Strict', password: 'correct horse battery' };
      const registered = await strict.request<{ accessToken: string }>('POST', '/auth/register', { body: account });
      expect(registered.status).toBe(201);
      const token = registered.body.accessToken;
      const answer = (method: string, path: string, body?: object) =>
        strict.request(method, path, { token, ...(body === undefined ? {} : { body }) });
      expect((await answer('GET', '/users/me')).status).toBe(200);
      expect((await answer('GET', '/users/me/sessions')).status).toBe(200);
      expectProblem(await answer('GET', '/courses'), 403, 'email_unverified');
      expectProblem(await answer('POST', '/users/me/tokens', { name: 'x', scopes: ['read'] }), 403, 'email_unverified');
      const mail = await waitFor(() => server.to(account.email)[0]);
      const body = { token: tokenIn(mail.text) };
      expect((await strict.request('POST', '/auth/email/verify', { body })).status).toBe(204);
      expect((await answer('GET', '/courses')).status).toBe(200);
      // Whom the operator named need not show anything.
      expect((await strict.request('GET', '/users', { token: (await strict.admin()).token })).status).toBe(200);
    } finally {
      await strict.close();
    }
  });
});

describe('without a mail server in production', () => {
  it('mails are refused, for everybody alike', async () => {
    const silent = await startTestApp({
      sharing: app,
      worker: false,
      variables: { NODE_ENV: 'production', SMTP_URL: '' },
    });
    try {
      const { email } = await app.createUser();
      for (const one of [email, 'nobody@example.org']) {
        const answer = await silent.request('POST', '/auth/password/forgot', { body: { email: one } });
        expectProblem(answer, 503, 'mail_not_set_up');
      }
    } finally {
      await silent.close();
    }
  });
});
