import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  type AccessLine,
  type Actor,
  ACTORS,
  type Cell,
  MATRIX_FILE,
  readAccessMatrix,
  suggestLine,
} from '../support/access/access-matrix.js';
import { type AccessWorld, buildAccessWorld, HIDDEN, type Scope, SCOPES } from '../support/access/access-world.js';
import { ApiDocument } from '../support/access/api-document.js';
import { LineRequests } from '../support/access/ask.js';
import { RECIPES } from '../support/access/recipes.js';
import { e2eBackend, startTestApp, type TestApp, type TestResponse } from '../support/test-app.js';

/** Faults rows 33 and 34: each cell of docs/access-matrix.yaml, for real. */
const lines = readAccessMatrix().filter(({ path }) => e2eBackend() !== 'sqlite' || !path.startsWith('/admin/queues'));
/** What ends sessions comes last. */
const inOrder = [
  ...lines.filter(({ route }) => RECIPES[route]?.endsSessions !== true),
  ...lines.filter(({ route }) => RECIPES[route]?.endsSessions === true),
];

let app: TestApp;
let world: AccessWorld;
let api: ApiDocument;

beforeAll(async () => {
  [app, api] = await Promise.all([startTestApp({ variables: { WORKER_NAME: HIDDEN.workerName } }), ApiDocument.read()]);
  world = await buildAccessWorld(app);
});

afterAll(() => app?.close());

/** What came of it, in the terms of the matrix. */
function cellOf({ status, body }: TestResponse<unknown>): number | string {
  if (status === 401 || status === 403 || status === 404) return status;
  // In a state in which it does not go, such as an attempt that is graded already: that is for those to know who may do it.
  if (status < 300 || status === 409) return 'yes';
  return `${status} ${JSON.stringify(body)}`;
}

/** A refusal without what differs between any two answers. */
function essence({ status, headers, body }: TestResponse<unknown>): unknown {
  const kept = [...headers].filter(([name]) => !['date', 'connection', 'keep-alive'].includes(name));
  return { status, headers: kept, body: { ...(body as object), instance: '', traceId: '' } };
}

async function wrongCells(line: AccessLine): Promise<readonly string[]> {
  const requests = new LineRequests(world, api, line);
  const wrong: string[] = [];
  const check = (who: string, expected: Cell | undefined, response: TestResponse<unknown>): void => {
    const got = cellOf(response);
    if (got !== expected) wrong.push(`${who}: ${String(expected)} in the file, but the answer was ${got}`);
  };
  const people = { ...world.people, anonymous: null };
  const [allowed, refused] = [true, false].map((isAllowed) =>
    ACTORS.filter((actor) => (line.cells[actor] === 'yes') === isAllowed),
  );
  await requests.prepare();
  // Whoever is refused changes nothing: all at once.
  const beRefused = async (actor: Actor): Promise<void> => {
    const [by, expected] = [people[actor], line.cells[actor]];
    const answer = await requests.ask(by);
    check(actor, expected, answer);
    if (line.method === 'GET') check(`${actor} (HEAD)`, expected, await requests.ask(by, by?.token, 'HEAD'));
    if (answer.status !== 404 || by === null) return;
    const nothing = await requests.askForNothing(by);
    if (nothing !== null) expect(essence(answer), `${line.title} as ${actor}`).toEqual(essence(nothing));
  };
  const lackScope = async (scope: Scope): Promise<void> =>
    check(`token with ${scope} alone`, 403, await requests.ask(people.admin, world.tokens[scope]));
  await Promise.all([
    ...(refused ?? []).map(beRefused),
    ...SCOPES.filter((one) => one !== line.token && line.token !== 'any').map(lackScope),
  ]);
  const ownScopes = line.token === 'session' || line.token === 'admin' ? 403 : line.cells.student;
  if (ownScopes !== 'yes') {
    check('token of the student', ownScopes, await requests.ask(people.student, world.studentToken));
  }
  for (const actor of allowed ?? []) {
    await requests.prepare();
    check(actor, 'yes', await requests.ask(people[actor]));
  }
  for (const scope of SCOPES.filter((one) => one === line.token || line.token === 'any')) {
    await requests.prepare();
    check(`token with ${scope}`, line.cells.admin, await requests.ask(people.admin, world.tokens[scope]));
  }
  return wrong;
}

describe('the access matrix', () => {
  it('has every route of the OpenAPI document, and no other', () => {
    const [documented, listed] = [
      new Map(api.routes.map((one) => [one.route, one])),
      new Set(lines.map(({ route }) => route)),
    ];
    const missing = [...documented.values()].filter(({ route }) => !listed.has(route));
    const gone = lines.filter(({ route, isDocumented }) => isDocumented && !documented.has(route));
    expect(
      missing.map(({ route }) => route),
      `Routes that ${MATRIX_FILE} does not know. Add below "routes:", each with what is right in its cells:\n` +
        missing.map(({ route, isPublic }) => suggestLine(route, isPublic)).join('\n'),
    ).toEqual([]);
    expect(
      gone.map(({ title }) => title),
      `Lines of ${MATRIX_FILE} whose route is gone. Remove them.`,
    ).toEqual([]);
    const unused = Object.keys(RECIPES).filter((route) => !documented.has(route) && !listed.has(route));
    expect(unused, 'Recipes of test/support/access/recipes.ts whose route is gone. Remove them.').toEqual([]);
  });

  it('knows of every route that is served, documented or not', () => {
    const known = new Set(lines.map(({ route }) => route));
    const hidden = app.served
      .map((route) => route.replaceAll(/:(\w+)/g, '{$1}').replace(/files\/\*$/, 'files/{path}'))
      .filter((route) => !/^HEAD |^\w+ \/(?:docs|admin\/queues)(?:\/|$)/.test(route) && !known.has(route));
    expect(app.served.length).toBeGreaterThan(known.size);
    expect(hidden, `Neither in the OpenAPI document nor below "undocumented:" in ${MATRIX_FILE}.`).toEqual([]);
  });

  it('holds on every route of the queue board', async () => {
    const board = app.served.filter((route) => route.includes(' /admin/queues'));
    expect(board).not.toEqual([]);
    const expected = e2eBackend() === 'sqlite' ? [404, 404, 404] : [401, 403, 403];
    for (const route of board) {
      const [method = '', url = ''] = route.split(' ');
      const path = url.replaceAll(/:\w+|\*/g, 'grading');
      const body = method === 'GET' || method === 'HEAD' ? {} : { body: {} };
      const tokens = [undefined, world.people.student.token, world.tokens.manage];
      const answers = tokens.map((token) =>
        app.request(method, path, { ...(token === undefined ? {} : { token }), ...body }),
      );
      expect([route, (await Promise.all(answers)).map(({ status }) => status)]).toEqual([route, expected]);
    }
  });

  it('holds for ids that are real, but do not belong together', async () => {
    const { people, ids, newcomer } = world;
    const { instructor, admin, outsider, student } = people;
    const tries = [
      [instructor, 'GET', `/courses/${ids['courseId']}/members/${newcomer.id}`],
      [instructor, 'DELETE', `/courses/${ids['spareCourseId']}/members/${outsider.id}`],
      [admin, 'DELETE', `/users/${outsider.id}/tokens/${ids['tokenId']}`],
      [student, 'DELETE', `/users/me/tokens/${ids['rejudgeId']}`],
      [instructor, 'GET', `/submissions/${ids['assignmentId']}`],
      [admin, 'GET', `/rejudges/${ids['submissionId']}`],
    ] as const;
    for (const [by, method, path] of tries) {
      expect([path, (await app.request(method, path, { token: by.token })).status]).toEqual([path, 404]);
    }
  });

  it.each(inOrder.map((line) => [line.title, line] as const))('%s', async (title, line) => {
    expect(await wrongCells(line), `See the line "${title}" of ${MATRIX_FILE}`).toEqual([]);
  });
});
