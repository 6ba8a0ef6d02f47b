import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { addMember, createCourse, type PageBody } from '../support/course-builder.js';
import { expectInvalid, expectProblem } from '../support/expect-problem.js';
import { tokenIn } from '../support/mailed-links.js';
import { TestMailServer } from '../support/mail-server.js';
import { startTestApp, type TestApp, type TestResponse, type TestUser } from '../support/test-app.js';
import { waitFor } from '../support/wait-for.js';

interface Outcomes {
  readonly items: readonly { readonly email: string; readonly outcome: string }[];
}
interface Shown {
  readonly id: string;
  readonly email: string;
  readonly acceptedAt: string | null;
}
interface Accepted {
  readonly courseId: string | null;
  readonly role: string;
  readonly session: {
    readonly user: { readonly id: string; readonly role: string };
    readonly accessToken: string;
  } | null;
}

let server: TestMailServer;
/** Anybody may register here; nobody on the other, which shares the database. */
let app: TestApp;
let invited: TestApp;
let instructor: TestUser;
let courseId: string;

beforeAll(async () => {
  server = await TestMailServer.start();
  const variables = { SMTP_URL: server.url, MAIL_FROM: 'assay@example.org', OUTBOX_SWEEP_MS: '50' };
  app = await startTestApp({ worker: false, variables });
  invited = await startTestApp({ sharing: app, worker: false, variables: { REGISTRATION: 'invite' } });
  instructor = await app.createUser({ role: 'instructor' });
  courseId = (await createCourse(app, instructor, { title: 'Sums <and more>' })).id;
});
afterAll(async () => {
  await invited?.close();
  await app?.close();
  await server?.stop();
});

let next = 0;
const address = (): string => `invited-${(next += 1)}@example.org`;
const invite = (emails: readonly string[], role = 'student', by = instructor, id = courseId) =>
  invited.request<Outcomes>('POST', `/courses/${id}/invitations`, { token: by.token, body: { emails, role } });

async function invitation(email: string, role = 'student', id = courseId, by = instructor): Promise<string> {
  const before = server.to(email).length;
  expect((await invite([email], role, by, id)).body.items).toEqual([{ email, outcome: 'invited' }]);
  return tokenIn((await waitFor(() => server.to(email)[before], { until: 'the invitation arrives' })).text);
}

const accept = (body: object, by?: TestUser): Promise<TestResponse<Accepted>> =>
  invited.request('POST', '/auth/invitations/accept', { body, ...(by === undefined ? {} : { token: by.token }) });
const account = (token: string) => ({ token, name: 'Invited', password: 'correct horse battery' });

async function roleIn(id: string, userId: string): Promise<unknown> {
  const { body } = await app.request('GET', `/courses/${id}/members/${userId}`, { token: instructor.token });
  return body['role'];
}

const toPlatform = async (emails: readonly string[], role = 'instructor', on = invited) =>
  on.request<Outcomes>('POST', '/invitations', { token: (await app.admin()).token, body: { emails, role } });

describe('an invitation into a course', () => {
  it('makes an account where nobody can register, once, and puts it into the course', async () => {
    const email = address();
    const token = await invitation(email, 'assistant');
    expect(server.to(email)[0]?.text).toContain('the course "Sums <and more>" (CS-1) as assistant');
    const open = { email, name: 'x', password: 'correct horse battery' };
    expectProblem(await invited.request('POST', '/auth/register', { body: open }), 403, 'registration_closed');
    expectInvalid(await accept({ token }), '/name', '/password');
    expectInvalid(await accept({ ...account(token), password: email }), '/password');
    const answers = await Promise.all([1, 2, 3].map(() => accept(account(token))));
    const made = answers.filter(({ status }) => status === 201);
    expect(made).toHaveLength(1);
    expect(made[0]?.body).toMatchObject({
      courseId,
      role: 'assistant',
      session: { user: { email, role: 'student', emailVerified: true } },
    });
    expect(await roleIn(courseId, made[0]?.body.session?.user.id ?? '')).toBe('assistant');
    expectProblem(await accept(account(token)), 422, 'token_invalid');
    await app.signIn(email, 'correct horse battery');
  });

  it('is accepted by an account with the address while signed in, and by no other', async () => {
    const user = await app.createUser({ email: address() });
    const other = await app.createUser();
    const token = await invitation(user.email);
    expectProblem(await accept({ token }, other), 403, 'invitation_for_other');
    expectProblem(await accept(account(token)), 409, 'account_exists');
    expectProblem(await accept({ token }, { ...user, token: 'nonsense' }), 401, 'invalid_token');
    const done = await accept({ token }, user);
    expect([done.status, done.body]).toEqual([200, { courseId, role: 'student', session: null }]);
    expect(await roleIn(courseId, user.id)).toBe('student');
    expect((await invite([user.email])).body.items).toEqual([{ email: user.email, outcome: 'already_member' }]);
  });

  it('is accepted on its page, by those who have an account and those who have none', async () => {
    const email = address();
    const token = await invitation(email);
    const path = `/account/accept-invitation`;
    const post = (fields: Readonly<Record<string, string>>) =>
      invited.request<string>('POST', path, { body: new URLSearchParams(fields) });
    const page = await invited.request<string>('GET', `${path}?token=${token}`);
    expect(page.body).toContain(email);
    expect(page.body).toContain('name="name"');
    expect((await post({ ...account(token), name: '' })).status).toBe(422);
    expect((await post(account(token))).body).toContain('Your account is made');

    const user = await app.createUser({ email: address() });
    const second = await invitation(user.email);
    expect((await invited.request<string>('GET', `${path}?token=${second}`)).body).not.toContain('name="name"');
    expect((await post({ token: second, password: 'not the password' })).status).toBe(403);
    expect((await post({ token: second, password: user.password })).body).toContain('You are in');
    expect(await roleIn(courseId, user.id)).toBe('student');
    expect((await post({ token: second, password: user.password })).status).toBe(422);
    expect((await invited.request<string>('GET', `${path}?token=nonsense`)).body).toContain('does not work');
  });

  it('tells of each of many addresses what came of it', async () => {
    const member = await app.createUser();
    await addMember(app, { id: courseId, instructor }, member);
    const [one, two] = [address(), address()];
    const { status, body } = await invite([
      one,
      `  ${one.toUpperCase()} `,
      member.email,
      'no address',
      two,
      '"a,b"@example.org\n',
    ]);
    expect(status).toBe(200);
    expect(body.items.map(({ outcome }) => outcome)).toEqual([
      'invited',
      'duplicate',
      'already_member',
      'invalid_address',
      'invited',
      'invalid_address',
    ]);
    expect((await invite([one])).body.items[0]?.outcome).toBe('mailed_recently');
    const many = Array.from({ length: 500 }, (_, index) => `many-${index}@example.org`);
    expect((await invite(many)).body.items.filter(({ outcome }) => outcome === 'invited')).toHaveLength(500);
    expectInvalid(await invite([...many, two]), '/emails');
    expectInvalid(await invite([]), '/emails');
    expectInvalid(await invite([one], 'owner'), '/role');
    expectInvalid(await invite(['x'.repeat(300)]), '/emails');
  });

  it('is listed to instructors, and works no more once it was taken back', async () => {
    const email = address();
    const token = await invitation(email);
    const path = `/courses/${courseId}/invitations`;
    const { body } = await app.request<PageBody<Shown>>('GET', path, { token: instructor.token });
    expect(body.items[0]).toMatchObject({ email, acceptedAt: null, invitedBy: instructor.id });
    expect(JSON.stringify(body)).not.toContain(token);
    const foreign = await app.createUser({ role: 'instructor' });
    expectProblem(await app.request('GET', path, { token: foreign.token }), 403, 'instructors_only');
    const one = `${path}/${body.items[0]?.id}`;
    expect((await app.request('DELETE', one, { token: instructor.token })).status).toBe(204);
    expectProblem(await app.request('DELETE', one, { token: instructor.token }), 404, 'not_found');
    expectProblem(await accept(account(token)), 422, 'token_invalid');
  });

  it('is worth what whoever sent it may do now', async () => {
    const admin = await app.admin();
    const [leaving, disabled] = [
      await app.createUser({ role: 'instructor' }),
      await app.createUser({ role: 'instructor' }),
    ];
    for (const one of [leaving, disabled]) await addMember(app, { id: courseId, instructor }, one, 'instructor');
    const tokens = [
      await invitation(address(), 'instructor', courseId, leaving),
      await invitation(address(), 'instructor', courseId, disabled),
    ];
    const left = `/courses/${courseId}/members/${leaving.id}`;
    expect((await app.request('DELETE', left, { token: instructor.token })).status).toBe(204);
    const off = { token: admin.token, body: { disabled: true } };
    expect((await app.request('PATCH', `/users/${disabled.id}`, off)).status).toBe(200);
    for (const token of tokens) expectProblem(await accept(account(token)), 422, 'token_invalid');
    expectProblem(await invite([address()], 'student', leaving), 403, 'instructors_only');
    await waitFor(async () => (await invite([address()], 'student', disabled)).status === 401);
  });

  it('ends with its course', async () => {
    const { id } = await createCourse(app, instructor, { code: 'OLD' });
    const token = await invitation(address(), 'student', id);
    expect((await app.request('DELETE', `/courses/${id}`, { token: instructor.token })).status).toBe(204);
    expectProblem(await accept(account(token)), 409, 'course_archived');
    expectProblem(await invite([address()], 'student', instructor, id), 409, 'course_archived');
  });
});

describe('an invitation to the platform', () => {
  it('makes an account with the role that was meant, for who has none', async () => {
    const email = address();
    const user = await app.createUser();
    expect((await toPlatform([email, user.email])).body.items.map(({ outcome }) => outcome)).toEqual([
      'invited',
      'already_registered',
    ]);
    const token = tokenIn((await waitFor(() => server.to(email)[0])).text);
    expect((await accept(account(token))).body).toMatchObject({
      courseId: null,
      session: { user: { role: 'instructor' } },
    });
    expectInvalid(await toPlatform([email], 'admin'), '/role');
    const list = await app.request<PageBody<Shown>>('GET', '/invitations', { token: (await app.admin()).token });
    expect(list.body.items[0]).toMatchObject({ email, role: 'instructor', acceptedAt: expect.any(String) });
  });

  it('does not change what an account is that was made meanwhile', async () => {
    const email = address();
    await toPlatform([email]);
    const token = tokenIn((await waitFor(() => server.to(email)[0])).text);
    const user = await app.createUser({ email });
    expectProblem(await accept({ token }, user), 409, 'already_registered');
    expect((await app.request('GET', '/users/me', { token: user.token })).body).toMatchObject({ role: 'student' });
  });

  it('is not sent where nobody may come in', async () => {
    const closed = await startTestApp({ sharing: app, worker: false, variables: { REGISTRATION: 'closed' } });
    try {
      expectProblem(await toPlatform([address()], 'student', closed), 403, 'registration_closed');
      const token = await invitation(address());
      expectProblem(
        await closed.request('POST', '/auth/invitations/accept', { body: account(token) }),
        403,
        'registration_closed',
      );
    } finally {
      await closed.close();
    }
  });
});
