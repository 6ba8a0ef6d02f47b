import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Classroom } from '../support/classroom.js';
import { GRADING } from '../support/course-builder.js';
import { expectInvalid, expectProblem } from '../support/expect-problem.js';
import { ProgramProcess } from '../support/program-process.js';
import { e2eBackend, startTestApp, type TestApp, type TestUser } from '../support/test-app.js';

interface Entry {
  readonly id: string;
  readonly at: string;
  readonly actorId: string;
  readonly action: string;
  readonly targetType: string;
  readonly targetId: string;
  readonly courseId: string | null;
  readonly address: string | null;
  readonly detail: Readonly<Record<string, unknown>> | null;
  readonly sequence: number;
  readonly hash: string;
}

describe(`the audit log on ${e2eBackend()}`, () => {
  let app: TestApp;
  let room: Classroom;
  let admin: TestUser;

  beforeAll(async () => {
    app = await startTestApp({ worker: false });
    room = await Classroom.open(app);
    admin = await app.admin();
  });
  afterAll(() => app?.close());

  async function listed(query: Readonly<Record<string, string>>): Promise<readonly Entry[]> {
    const path = `/audit?${new URLSearchParams({ limit: '100', ...query }).toString()}`;
    const response = await app.request<{ items: readonly Entry[] }>('GET', path, { token: admin.token });
    expect(response.status).toBe(200);
    return response.body.items;
  }

  it('says who did what to whom when and from where', async () => {
    const user = await app.createUser();
    const patch = await app.request('PATCH', `/users/${user.id}`, { token: admin.token, body: { role: 'instructor' } });
    expect(patch.status).toBe(200);
    const [changed] = await listed({ targetId: user.id, action: 'user.changed' });
    expect(changed).toMatchObject({
      actorId: admin.id,
      targetType: 'user',
      courseId: null,
      address: '127.0.0.1',
      detail: { role: 'instructor', disabled: false },
    });
    expect(changed?.hash).toMatch(/^[0-9a-f]{64}$/);
  });

  it('has courses, members, assignments, scores set by hand and what was taken away', async () => {
    const { courseId, instructor } = room;
    const submission = await room.submit(await room.assign(GRADING), { files: { 'main.py': 'print(3)\n' } });
    const override = `/submissions/${submission.id}/override`;
    const { token } = instructor;
    expect((await app.request('PUT', override, { token, body: { score: 1, reason: 'kind' } })).status).toBe(200);
    expect((await app.request('DELETE', override, { token })).status).toBe(204);
    expect((await app.request('GET', `/courses/${courseId}/gradebook.csv`, { token })).status).toBe(200);
    expect((await app.request('POST', `/submissions/${submission.id}/cancel`, { token })).status).toBe(200);
    const actions = (await listed({ courseId })).map(({ action }) => action);
    expect(actions.slice(0, 5)).toEqual([
      'submission.cancelled',
      'gradebook.exported',
      'score.override_withdrawn',
      'score.overridden',
      'assignment.created',
    ]);
    expect(actions).toEqual(expect.arrayContaining(['member.enrolled', 'course.created']));
    const scores = await listed({ action: 'score', targetId: submission.id });
    expect(scores.map(({ actorId, detail }) => ({ actorId, detail }))).toEqual([
      { actorId: instructor.id, detail: { before: 1 } },
      { actorId: instructor.id, detail: { score: 1, before: null } },
    ]);
  });

  it('says what a member was before', async () => {
    const { courseId, instructor, student } = room;
    const path = `/courses/${courseId}/members/${student.id}`;
    const made = await app.request('PATCH', path, { token: instructor.token, body: { role: 'assistant' } });
    expect(made.status).toBe(200);
    const [changed] = await listed({ courseId, action: 'member.changed' });
    expect(changed).toMatchObject({ targetId: student.id, detail: { role: 'assistant', before: 'student' } });
  });

  it('holds no password, name or address of mail', async () => {
    const user = await app.createUser({ name: 'Canary Finch' });
    const body = { password: 'a new battery staple 2', currentPassword: user.password };
    expect((await app.request('PATCH', '/users/me', { token: user.token, body })).status).toBe(200);
    const text = JSON.stringify(await listed({ actorId: user.id }));
    expect(text).toContain('user.password_changed');
    for (const secret of [body.password, user.password, user.email, 'Canary']) expect(text).not.toContain(secret);
  });

  it('is read and exported by administrators only, by filters that are checked', async () => {
    for (const path of ['/audit', '/audit/export']) {
      expectProblem(await app.request('GET', path), 401, 'unauthenticated');
      expectProblem(await app.request('GET', path, { token: room.instructor.token }), 403, 'forbidden');
    }
    const bad = '/audit?actorId=me&action=DROP&since=yesterday&targetType=secret';
    expectInvalid(await app.request('GET', bad, { token: admin.token }), 'actorId', 'action', 'since', 'targetType');
    const now = new Date().toISOString();
    expect(await listed({ since: '2099-01-01T00:00:00Z' })).toEqual([]);
    expect((await listed({ until: now })).length).toBeGreaterThan(3);
  });

  it('is exported whole, oldest first, and the export is on record', async () => {
    const before = await listed({});
    const response = await app.request<string>('GET', '/audit/export', { token: admin.token });
    expect(response.headers.get('content-type')).toContain('application/x-ndjson');
    const lines = response.body.trim().split('\n');
    const exported = lines.map((line): unknown => JSON.parse(line));
    expect(exported.slice(0, before.length)).toEqual(before.toReversed());
    expect(exported.slice(before.length)).toEqual([expect.objectContaining({ action: 'audit.exported' })]);
  });

  it('is found whole by the command, until somebody changes it', async () => {
    const whole = await ProgramProcess.run('audit-verify', app.variables);
    expect(whole).toMatchObject({ code: 0, stderr: '' });
    const head = /head is ([0-9a-f]{64})/.exec(whole.stdout)?.[1] ?? '';
    expect(await ProgramProcess.run('audit-verify', app.variables, ['--head', head])).toMatchObject({ code: 0 });
    const other = await ProgramProcess.run('audit-verify', app.variables, [`--head=${'0'.repeat(63)}1`]);
    expect(other.code).toBe(1);
    expect(other.stdout).toContain('FAULT  the chain does not lead over the head that was asked for');
    const wrong = await ProgramProcess.run('audit-verify', app.variables, ['--head', 'abc']);
    expect(wrong).toMatchObject({
      code: 1,
      stderr: 'assay: npm run audit:verify [-- --head HASH]: HASH has 64 hexadecimal digits.\n',
    });
  });
});
