import { randomUUID } from 'node:crypto';
import type { AccountTokenKind } from '../../../src/users/account-token.entity.js';
import type { PageBody } from '../course-builder.js';
import type { TestUser } from '../test-app.js';
import { type AccessWorld, type Ids, PACKAGE } from './access-world.js';

/** How a route is asked, where the ids of the world and the example of the OpenAPI document do not do. */
export interface Recipe {
  /** Ids in place of those of the world, by the names that the path has for them. */
  readonly ids?: (world: AccessWorld) => Ids;
  /** The whole body. */
  readonly body?: (world: AccessWorld, by: TestUser | null) => object | Promise<object>;
  readonly headers?: Readonly<Record<string, string>>;
  /** Done before those who are to be refused, and before each who is let in: makes again what they take away. */
  readonly prepare?: (world: AccessWorld) => Promise<Ids>;
  /** The route ends sessions: everybody signs in anew before, and it comes after all others. */
  readonly endsSessions?: true;
}

const newToken = async ({ app, people }: AccessWorld): Promise<Ids> => {
  const body = { name: 'to be revoked', scopes: ['read'] };
  const { token } = await app.signIn(people.student.email, people.student.password);
  const made = await app.request<{ id: string }>('POST', '/users/me/tokens', { token, body });
  return { tokenId: made.body.id };
};

const newSession = async ({ app, people }: AccessWorld): Promise<Ids> => {
  const { token } = await app.signIn(people.student.email, people.student.password);
  const sessions = await app.request<PageBody<{ id: string }>>('GET', '/users/me/sessions', { token });
  return { sessionId: sessions.body.items[0]?.id ?? '' };
};

const spareMember = async ({ app, people, spare, ids }: AccessWorld): Promise<Ids> => {
  const { token } = people.instructor;
  const body = { userId: spare.id, role: 'student' };
  await app.request('POST', `/courses/${ids['courseId']}/members`, { token, body });
  return { userId: spare.id };
};

const spareCourse = ({ ids }: AccessWorld): Ids => ({ courseId: ids['spareCourseId'] ?? '' });
const spareAssignment = ({ ids }: AccessWorld): Ids => ({ assignmentId: ids['spareAssignmentId'] ?? '' });
const worker = ({ ids }: AccessWorld): Ids => ({ id: ids['workerId'] ?? '' });
const signIn = ({ spare: { email, password } }: AccessWorld): object => ({ email, password });
const refresh = async ({ app, spare }: AccessWorld): Promise<object> => {
  const { refreshToken } = await app.signIn(spare.email, spare.password);
  return { refreshToken };
};
/** A token as it is mailed, for an account that nothing else is about. */
const mailed =
  (kind: AccountTokenKind, more: Readonly<Record<string, string>> = {}) =>
  async ({ app }: AccessWorld): Promise<Readonly<Record<string, string>>> => {
    const [{ AccountTokens }, { Transactions }] = await Promise.all([
      import('../../../src/users/account-tokens.js'),
      import('../../../src/database/transactions.js'),
    ]);
    const tokens = app.app.get(AccountTokens, { strict: false });
    const { id: userId, email: present } = await app.createUser();
    const email = kind === 'email_change' ? `new-${present}` : present;
    const about = { userId, kind, email, lifetimeMs: 60_000 };
    const token = await app.app.get(Transactions).run((manager) => tokens.issue(manager, about));
    return { token, ...more };
  };
const asForm =
  (body: (world: AccessWorld) => Promise<Readonly<Record<string, string>>>) =>
  async (world: AccessWorld): Promise<URLSearchParams> =>
    new URLSearchParams(await body(world));
const reset = mailed('password_reset', { password: 'another long enough' });
/** Several of one person may be asked for at once, each in place of the one before. */
let lastInvitation: Promise<unknown> = Promise.resolve();
const invitationFor = (...asked: Parameters<typeof insertInvitation>): ReturnType<typeof insertInvitation> => {
  const inserted = lastInvitation.then(() => insertInvitation(...asked));
  lastInvitation = inserted.catch(() => undefined);
  return inserted;
};
/** An invitation of the administrator, in the database: its token is mailed, and kept nowhere. */
const insertInvitation = async (
  { app, people }: AccessWorld,
  email: string,
  courseId: string | null,
): Promise<{ readonly id: string; readonly token: string }> => {
  const [{ Invitation, PLATFORM }, { hashOfInvitation }, { Transactions }] = await Promise.all([
    import('../../../src/invitations/invitation.entity.js'),
    import('../../../src/invitations/invite.service.js'),
    import('../../../src/database/transactions.js'),
  ]);
  const [id, token, scope] = [randomUUID(), randomUUID(), courseId ?? PLATFORM];
  await app.app.get(Transactions).run(async (manager) => {
    await manager.delete(Invitation, { scope, email });
    await manager.insert(Invitation, {
      id,
      scope,
      courseId,
      email,
      role: 'student',
      tokenHash: hashOfInvitation(token),
      invitedBy: people.admin.id,
      createdAt: new Date(),
      expiresAt: new Date(Date.now() + 600_000),
      acceptedAt: null,
      acceptedBy: null,
    });
  });
  return { id, token };
};
const acceptance = async (
  world: AccessWorld,
  by: TestUser | null = null,
): Promise<Readonly<Record<string, string>>> => {
  const email = by?.email ?? `${randomUUID()}@example.org`;
  const { token } = await invitationFor(world, email, world.ids['openCourseId'] ?? '');
  return { token, ...(by === null ? { name: 'Invited', password: 'another long enough' } : {}) };
};
const newInvitation =
  (isToCourse: boolean) =>
  async (world: AccessWorld): Promise<Ids> => {
    const courseId = isToCourse ? (world.ids['courseId'] ?? '') : null;
    return { invitationId: (await invitationFor(world, 'to-be-revoked@example.org', courseId)).id };
  };
const proof = (_: AccessWorld, by: TestUser | null): object => ({
  currentPassword: by?.password ?? 'nobody has one',
  code: '000000',
});
const newFactor = async ({ app, spare }: AccessWorld): Promise<Ids> => {
  const [{ SecondFactor }, { Transactions }] = await Promise.all([
    import('../../../src/users/second-factor.entity.js'),
    import('../../../src/database/transactions.js'),
  ]);
  const row = { userId: spare.id, secret: 'x', createdAt: new Date(), confirmedAt: null, lastStep: 0 };
  await app.app.get(Transactions).run(async (manager) => {
    await manager.delete(SecondFactor, { userId: spare.id });
    await manager.insert(SecondFactor, row);
  });
  return { userId: spare.id };
};
const rename = (): object => ({ name: 'Another Name' });

/** By route. One that is missing here is asked with the ids of the world and the required examples of its body. */
export const RECIPES: Readonly<Record<string, Recipe>> = {
  'POST /api/v1/auth/register': {
    body: () => ({ email: `${randomUUID()}@example.org`, password: 'long enough for all', name: 'Somebody' }),
  },
  'POST /api/v1/auth/login': { body: signIn },
  'POST /api/v1/auth/refresh': { body: refresh },
  'POST /api/v1/auth/logout': { body: refresh },
  'POST /api/v1/auth/password/reset': { body: reset },
  'POST /api/v1/auth/email/verify': { body: mailed('email_verification') },
  'POST /api/v1/auth/email/change': { body: mailed('email_change') },
  'POST /api/v1/account/reset-password': { body: asForm(reset) },
  'POST /api/v1/account/verify-email': { body: asForm(mailed('email_verification')) },
  'POST /api/v1/account/confirm-email': { body: asForm(mailed('email_change')) },
  'POST /api/v1/users/me/email': {
    body: (_, by) => ({ email: `${randomUUID()}@example.org`, currentPassword: by?.password ?? 'nobody has one' }),
  },
  'POST /api/v1/auth/invitations/accept': { body: acceptance },
  'POST /api/v1/account/accept-invitation': { body: asForm(acceptance) },
  'DELETE /api/v1/courses/{courseId}/invitations/{invitationId}': { prepare: newInvitation(true) },
  'DELETE /api/v1/invitations/{invitationId}': { prepare: newInvitation(false) },
  'POST /api/v1/users/me/second-factor': { body: (_, by) => ({ currentPassword: by?.password ?? 'nobody has one' }) },
  'POST /api/v1/users/me/second-factor/disable': { body: proof },
  'POST /api/v1/users/me/second-factor/recovery-codes': { body: proof },
  'DELETE /api/v1/users/{userId}/second-factor': { prepare: newFactor },
  'PATCH /api/v1/users/me': { body: (_, by) => ({ name: by?.name ?? 'Nobody' }) },
  'DELETE /api/v1/users/me/tokens/{tokenId}': { prepare: newToken },
  'DELETE /api/v1/users/me/sessions': { endsSessions: true },
  'DELETE /api/v1/users/me/sessions/{sessionId}': { endsSessions: true, prepare: newSession },
  'DELETE /api/v1/users/{userId}/sessions': { endsSessions: true },
  'PATCH /api/v1/users/{id}': { body: rename, ids: ({ spare }) => ({ id: spare.id }) },
  'DELETE /api/v1/users/{userId}/tokens/{tokenId}': { prepare: newToken },
  'DELETE /api/v1/courses/{courseId}': { ids: spareCourse },
  'PATCH /api/v1/courses/{courseId}': { body: () => ({ term: 'Autumn' }) },
  'POST /api/v1/courses/{courseId}/enrol': { ids: ({ ids }) => ({ courseId: ids['openCourseId'] ?? '' }) },
  'POST /api/v1/courses/{courseId}/members': {
    body: ({ newcomer }) => ({ userId: newcomer.id, role: 'student' }),
  },
  'PATCH /api/v1/courses/{courseId}/members/{userId}': { prepare: spareMember, body: () => ({ role: 'student' }) },
  'DELETE /api/v1/courses/{courseId}/members/{userId}': { prepare: spareMember },
  'PATCH /api/v1/assignments/{assignmentId}': { body: () => ({ title: 'Sums' }) },
  'DELETE /api/v1/assignments/{assignmentId}': { ids: spareAssignment },
  'POST /api/v1/courses/{courseId}/assignments/import': {
    body: () => ({
      format: 'assay',
      verify: false,
      file: { path: 'package.zip', content: PACKAGE.toString('base64'), encoding: 'base64' },
    }),
  },
  'DELETE /api/v1/submissions/{submissionId}/override': {
    prepare: async ({ app, people, ids }) => {
      const body = { score: 1, reason: 'To be withdrawn.' };
      await app.request('PUT', `/submissions/${ids['submissionId']}/override`, {
        token: people.instructor.token,
        body,
      });
      return {};
    },
  },
  'GET /api/v1/workers/{id}': { ids: worker },
  'POST /api/v1/workers/{id}/pause': { ids: worker },
  'POST /api/v1/workers/{id}/drain': { ids: worker },
  'POST /api/v1/workers/{id}/resume': { ids: worker },
  // To programs on this very machine it is open: this is how one looks that is elsewhere.
  'GET /metrics': { headers: { 'x-forwarded-for': '192.0.2.1' } },
};
