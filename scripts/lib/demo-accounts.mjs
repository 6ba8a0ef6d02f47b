import { randomBytes } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';

const PEOPLE = {
  admin: { email: 'admin@example.org', name: 'Demo administrator' },
  instructor: { email: 'instructor@example.org', name: 'Demo instructor' },
  student: { email: 'student@example.org', name: 'Demo student' },
};

/**
 * The demo accounts. Their passwords are made once, by chance, and kept beside the demo's data: a demo that others can
 * reach has no password that everyone knows.
 *
 * @param {string} file
 * @returns {Promise<Record<'admin' | 'instructor' | 'student', { email: string, name: string, password: string }>>}
 */
export async function demoAccounts(file) {
  const kept = await readFile(file, 'utf8').then(JSON.parse, () => null);
  if (kept !== null) return kept;
  const made = Object.fromEntries(
    Object.entries(PEOPLE).map(([role, person]) => [
      role,
      { ...person, password: `demo-${randomBytes(6).toString('base64url')}` },
    ]),
  );
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, `${JSON.stringify(made, null, 2)}\n`, { mode: 0o600 });
  return made;
}

/**
 * Signs in, after registering where the account is not there yet.
 *
 * @param {import('./rest-client.mjs').RestClient} client
 * @returns {Promise<{ user: any, client: import('./rest-client.mjs').RestClient }>}
 */
export async function signIn(client, account) {
  const { email, password, name } = account;
  await client.request('POST', '/auth/register', { body: { email, password, name }, accept: [201, 409] });
  const { body } = await client.request('POST', '/auth/login', { body: { email, password } });
  return { user: body.user, client: client.as(body.accessToken) };
}
