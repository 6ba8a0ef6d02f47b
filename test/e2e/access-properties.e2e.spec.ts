import { DataSource } from 'typeorm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type AccessLine, type Actor, readAccessMatrix } from '../support/access/access-matrix.js';
import { type AccessWorld, buildAccessWorld, HIDDEN } from '../support/access/access-world.js';
import { ApiDocument, type ApiRoute } from '../support/access/api-document.js';
import { LineRequests } from '../support/access/ask.js';
import { placesOf, withExtra } from '../support/access/extra-properties.js';
import { startTestApp, type TestApp } from '../support/test-app.js';

const lines = readAccessMatrix().filter(({ isDocumented }) => isDocumented);

let app: TestApp;
let world: AccessWorld;
let api: ApiDocument;

beforeAll(async () => {
  [app, api] = await Promise.all([startTestApp({ variables: { WORKER_NAME: HIDDEN.workerName } }), ApiDocument.read()]);
  world = await buildAccessWorld(app);
});

afterAll(() => app?.close());

/** Every row of every table, but what the worker tells of itself all the time. */
async function everything(): Promise<ReadonlyMap<string, unknown>> {
  const dataSource = app.app.get(DataSource);
  const tables = dataSource.entityMetadatas.filter(({ tableName }) => tableName !== 'workers');
  const rows = await Promise.all(
    tables.map(async ({ target, tableName }) => [tableName, await dataSource.manager.find(target)] as const),
  );
  return new Map(rows.map(([name, found]) => [name, JSON.stringify(found)]));
}

/** What nobody reads, and what students do not; by where it would come from. */
const secretsOf = (): Readonly<Record<string, string>> => ({
  ...HIDDEN,
  classmateEmail: world.people.classmate.email,
  hash: '$argon2',
  passwordHash: 'passwordHash',
  tokenHash: 'tokenHash',
  storageFolder: app.environment.storageFolder,
  sourceFolder: process.cwd(),
  stack: 'node_modules',
  jwtSecret: app.variables['JWT_SECRET'] ?? '',
  database: app.environment.databaseUrl,
});

/** The names of the secrets that the answers of all these lines hold, with one place of each. */
async function leaks(actor: Actor, asked: readonly AccessLine[]): Promise<ReadonlyMap<string, string>> {
  const by = actor === 'anonymous' ? null : world.people[actor];
  const found = new Map<string, string>();
  for (const line of asked) {
    const requests = new LineRequests(world, api, line);
    await requests.prepare();
    const { headers, body } = await requests.ask(by);
    const text = `${[...headers].join('\n')}\n${typeof body === 'string' ? body : JSON.stringify(body)}`;
    for (const [name, secret] of Object.entries(secretsOf())) if (text.includes(secret)) found.set(name, line.title);
  }
  return found;
}

describe('a property that is not for the caller to set', () => {
  const EXTRAS: Readonly<Record<string, unknown>> = {
    id: '01900000-0000-7000-8000-000000000000',
    role: 'admin',
    score: 100,
    ownerId: '01900000-0000-7000-8000-000000000000',
    studentId: '01900000-0000-7000-8000-000000000000',
    isAdmin: true,
    attemptNo: 99,
    attempt: 99,
    passwordHash: '$argon2id$v=19$m=19456,t=2,p=1$c29tZXNhbHQ$aGFzaA',
    tokenVersion: 0,
    version: 0,
    createdAt: '2020-01-01T00:00:00.000Z',
    __proto__: null,
    constructor: { prototype: { isAdmin: true } },
    toString: 'x',
  };
  // Written so, it is a name like the others; in the literal above it would set the prototype.
  const names = [...Object.keys(EXTRAS), '__proto__'];

  /** What is sent to a route: its ordinary body, and the same with each optional object, each with one property too many. */
  function* attacksOn(
    { body: schema }: ApiRoute,
    ordinary: Readonly<Record<string, unknown>>,
  ): Generator<[string, string]> {
    const known = schema === undefined ? null : api.namesOf(schema);
    const all = schema === undefined ? {} : api.exampleOf(schema, 'all');
    const objects = Object.entries(all).filter(([name, value]) => typeof value === 'object' && !(name in ordinary));
    for (const body of [ordinary, ...objects.map(([name, value]) => ({ ...ordinary, [name]: value }))]) {
      for (const place of placesOf(body)) {
        for (const name of names) {
          if (place === '' && known?.has(name) === true) continue;
          const value = name === '__proto__' ? { role: 'admin', isAdmin: true } : EXTRAS[name];
          yield [`${place}/${name}`, withExtra(body, place, name, value)];
        }
      }
    }
  }

  it('is refused by every route that takes a body, and changes nothing (faults row 35)', async () => {
    const writes = api.routes.filter(({ body }) => body !== undefined);
    expect(writes.length).toBeGreaterThan(15);
    const prepared: [ApiRoute, LineRequests, Readonly<Record<string, unknown>>][] = [];
    for (const route of writes) {
      const line = lines.find((one) => one.route === route.route);
      expect(line, route.route).toBeDefined();
      const requests = new LineRequests(world, api, line as AccessLine);
      await requests.prepare();
      prepared.push([route, requests, { ...(await requests.body(world.people.admin)) }]);
    }
    const before = await everything();
    const wrong: string[] = [];
    let sent = 0;
    for (const [route, requests, ordinary] of prepared) {
      await Promise.all(
        [...attacksOn(route, ordinary)].map(async ([place, text]) => {
          sent += 1;
          const { status, body } = await requests.send(world.people.admin.token, text);
          if (status !== 422) wrong.push(`${route.route} with ${place}: ${status} ${JSON.stringify(body)}`);
        }),
      );
    }
    expect(wrong).toEqual([]);
    expect(sent).toBeGreaterThan(writes.length * 10);
    for (const [table, rows] of await everything()) expect([table, rows]).toEqual([table, before.get(table)]);
    expect(({} as Record<string, unknown>)['isAdmin']).toBeUndefined();
  });
});

describe('an answer', () => {
  const reads = lines.filter(({ method }) => method === 'GET');
  // The classmate's own answers name the classmate: what is looked for in theirs is nothing else.
  const OWN = { classmate: ['classmateName', 'classmateEmail'] };

  it.each(['anonymous', 'outsider', 'student'] as const)(
    'to a request of %s never holds what is not for them, on any route (faults row 36)',
    async (actor) => {
      const sessionless = lines.filter(({ route }) => !route.includes('/sessions'));
      expect(Object.fromEntries(await leaks(actor, sessionless))).toEqual({});
    },
  );

  it('to a classmate holds nothing but their own name', async () => {
    const found = [...(await leaks('classmate', reads)).keys()].filter((name) => !OWN.classmate.includes(name));
    expect(found).toEqual([]);
  });

  it('to staff holds what students do not see, and to nobody a hash, a path or a secret of the server', async () => {
    const toStaff = await leaks('instructor', reads);
    const staffOnly = ['hiddenInput', 'hiddenExpected', 'secretTest', 'hiddenFile', 'classmateName', 'classmateEmail'];
    expect([...toStaff.keys()].sort()).toEqual([...staffOnly].sort());
    const toAdmin = await leaks('admin', reads);
    expect([...toAdmin.keys()].sort()).toEqual([...staffOnly, 'workerName'].sort());
  });
});
