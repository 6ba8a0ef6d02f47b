import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { Agent, request } from 'node:http';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { root, runOrFail } from '../scripts/lib/processes.mjs';
import { CommandFailure, say } from '../scripts/lib/progress.mjs';
import { provideServers } from '../scripts/lib/servers/test-servers.mjs';
import { PYTHON_PROGRAM } from './programs.mjs';
import { createAssignment, startServer, startWorker } from './server.mjs';
import { bars, median, quantile } from './statistics.mjs';

export const title = 'a whole class hands in within seconds, and a queue that is very long';

/** Of the system, by their names in `system-packages.mjs`. */
export const tools = ['bubblewrap', 'python'];

const isQuick = process.argv.includes('--quick');

const CORES = availableParallelism();
/** Each hands in once, at an instant fixed beforehand: an answer that is late does not make the next one come later. */
const STUDENTS = isQuick ? 400 : 2_000;
const RUSH_MS = isQuick ? 2_000 : 10_000;
/** POSTs one after the other on an otherwise idle server. */
const UNLOADED = 200;
/** Submissions of one batch that say how many a second can be taken in and graded. */
const STEADY = 300;
const STEADY_ROUNDS = 3;
const DEEP = isQuick ? 4_000 : 20_000;
const FILL_CONNECTIONS = 10;
/** What one browser or client waits for at most. */
const REQUEST_TIMEOUT_MS = 60_000;

const GRADING = {
  runtime: 'python',
  entrypoint: 'main.py',
  limits: { timeMs: 5_000, wallMs: 20_000 },
  tests: [
    {
      kind: 'program',
      name: 'sum',
      points: 1,
      stdin: '1 2 3\n',
      expect: { stdout: '6\n', compare: 'tokens' },
    },
  ],
};
const BODY = Buffer.from(JSON.stringify({ files: [{ path: 'main.py', content: PYTHON_PROGRAM }] }));

const ms = (value) => `${value.toFixed(1)} ms`;

/** Sends one submission. Resolves to the status of the answer; 0: there was none. */
function post(agent, url, token) {
  return new Promise((resolve) => {
    const headers = {
      authorization: `Bearer ${token}`,
      'content-type': 'application/json',
      'content-length': BODY.length,
    };
    request(url, { method: 'POST', agent, headers, timeout: REQUEST_TIMEOUT_MS }, (response) => {
      response.resume();
      response.once('end', () => resolve(response.statusCode ?? 0));
      response.once('error', () => resolve(0));
    })
      .once('timeout', function giveUp() {
        this.destroy();
      })
      .once('error', () => resolve(0))
      .end(BODY);
  });
}

/** Milliseconds that each of some POSTs took, one after the other, each with the next token. */
async function oneAfterTheOther(url, tokens, afterEach = async () => {}) {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const taken = [];
  for (const token of tokens) {
    const startedAt = performance.now();
    mustBeAccepted(await post(agent, url, token));
    taken.push(performance.now() - startedAt);
    await afterEach();
  }
  agent.destroy();
  return taken;
}

function mustBeAccepted(status) {
  if (status !== 202) throw new CommandFailure(`A submission was answered ${status} instead of 202.`);
}

/** As many at a time as there are connections. */
async function allAtOnce(url, tokens, connections) {
  const agent = new Agent({ keepAlive: true, maxSockets: connections });
  let next = 0;
  const lane = async () => {
    while (next < tokens.length) {
      next += 1;
      mustBeAccepted(await post(agent, url, tokens[next - 1]));
    }
  };
  await Promise.all(Array.from({ length: connections }, lane));
  agent.destroy();
}

/** One POST for each token, evenly over `overMs`; how long each took from the instant it was planned for. */
async function openLoad(url, tokens, overMs) {
  const agent = new Agent({ keepAlive: true, maxSockets: 256 });
  const startedAt = performance.now();
  const sent = [];
  for (const [index, token] of tokens.entries()) {
    const plannedFor = startedAt + (index * overMs) / tokens.length;
    const early = plannedFor - performance.now();
    if (early > 0) await pause(early);
    sent.push(post(agent, url, token).then((status) => ({ status, ms: performance.now() - plannedFor })));
  }
  const answers = await Promise.all(sent);
  agent.destroy();
  return answers;
}

/** Resolves when no submission to the assignment waits or is being graded. */
async function whenDrained(admin, assignment) {
  for (let look = 0; look < 12_000; look += 1) {
    const left = [];
    // One that is handed back in between is queued again: that is looked at last.
    for (const status of ['running', 'queued']) {
      const { body } = await admin.request('GET', `/assignments/${assignment.id}/submissions?status=${status}&limit=1`);
      left.push(...body.items);
    }
    if (left.length === 0) return;
    await pause(100);
  }
  throw new CommandFailure('Submissions were still not graded after twenty minutes.');
}

/** How many submissions there are, by status and verdict. */
async function tally(admin, assignment) {
  const counts = {};
  let cursor = null;
  do {
    const from = cursor === null ? '' : `&cursor=${encodeURIComponent(cursor)}`;
    const { body } = await admin.request('GET', `/assignments/${assignment.id}/submissions?limit=100${from}`);
    for (const { status, verdict } of body.items) {
      const name = `${status} ${verdict ?? ''}`.trim();
      counts[name] = (counts[name] ?? 0) + 1;
    }
    cursor = body.nextCursor;
  } while (cursor !== null);
  return counts;
}

async function memoryMiB(pid) {
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  return Number(/^VmRSS:\s+(\d+)/m.exec(status)?.[1] ?? 0) / 1024;
}

async function makeClass({ environment }, assignment, count) {
  const output = await runOrFail(
    process.execPath,
    [join(root, 'bench', 'make-class.mjs'), assignment.courseId, String(count)],
    { env: environment, failure: 'The class could not be made, see above.' },
  );
  return JSON.parse(output.trimEnd().split('\n').at(-1));
}

const submissionsOf = (base, assignment) => `${base}/api/v1/assignments/${assignment.id}/submissions`;

/** A class of its own, so that nobody comes twice into one measurement. */
async function classFor(server, name, count) {
  const assignment = await createAssignment(server.admin, GRADING, name);
  return {
    assignment,
    url: submissionsOf(server.base, assignment),
    tokens: await makeClass(server, assignment, count),
  };
}

async function rush(server) {
  const { admin } = server;
  const everybody = await classFor(server, 'rush', STUDENTS);
  const others = await createAssignment(admin, GRADING, 'measure');
  const mine = server.adminToken;
  const url = submissionsOf(server.base, others);

  // The first ones compile the server's hot code.
  await allAtOnce(
    url,
    Array.from({ length: STEADY }, () => mine),
    FILL_CONNECTIONS,
  );
  await whenDrained(admin, others);
  const rates = [];
  for (let round = 0; round < STEADY_ROUNDS; round += 1) {
    const startedAt = performance.now();
    await allAtOnce(
      url,
      Array.from({ length: STEADY }, () => mine),
      FILL_CONNECTIONS,
    );
    await whenDrained(admin, others);
    rates.push(STEADY / ((performance.now() - startedAt) / 1000));
  }
  const rate = median(rates);
  const unloaded = await oneAfterTheOther(
    url,
    Array.from({ length: UNLOADED }, () => mine),
    () => pause(40),
  );

  const startedAt = performance.now();
  const answers = await openLoad(everybody.url, everybody.tokens, RUSH_MS);
  await whenDrained(admin, everybody.assignment);
  const seconds = (performance.now() - startedAt) / 1000;
  const accepted = answers.filter(({ status }) => status === 202).length;
  const counts = await tally(admin, everybody.assignment);

  const taken = answers.map(({ ms: one }) => one);
  const shortest = STUDENTS / rate;
  say(`${STUDENTS} students hand in within ${RUSH_MS / 1000} s, graded meanwhile, ${CORES} cores:`);
  say(
    bars([
      ['POST unloaded, p50', median(unloaded), ms(median(unloaded))],
      ['POST unloaded, p99', quantile(unloaded, 0.99), ms(quantile(unloaded, 0.99))],
      ['POST in the rush, p50', median(taken), ms(median(taken))],
      ['POST in the rush, p99', quantile(taken, 0.99), ms(quantile(taken, 0.99))],
    ]),
  );
  say(`  accepted ${accepted} of ${STUDENTS}; ended as ${JSON.stringify(counts)}`);
  say(
    `  p99 in the rush ${(quantile(taken, 0.99) / quantile(unloaded, 0.99)).toFixed(2)} of unloaded; ` +
      `drained after ${seconds.toFixed(1)} s, ${(seconds / shortest).toFixed(2)} of ${STUDENTS} at the steady ${rate.toFixed(0)}/s`,
  );
  if (accepted !== STUDENTS || counts['graded accepted'] !== STUDENTS) {
    throw new CommandFailure('Not every submission of the rush was accepted and graded.');
  }
}

const p = ({ taken }, share) => quantile(taken, share);

/** An API without workers: what is handed in waits. */
async function deepQueue(server) {
  const deep = await classFor(server, 'deep', DEEP / 10);
  const few = await classFor(server, 'few', UNLOADED);
  const measure = () => oneAfterTheOther(few.url, few.tokens);
  await measure();
  const before = { taken: await measure(), memory: await memoryMiB(server.pid) };
  for (let turn = 0; turn < 10; turn += 1) {
    await allAtOnce(deep.url, deep.tokens, FILL_CONNECTIONS);
    say(`  ${(turn + 1) * deep.tokens.length} wait`);
  }
  const after = { taken: await measure(), memory: await memoryMiB(server.pid) };
  say(`POST one after the other, nobody grades:`);
  say(
    bars([
      ['few wait, p50', p(before, 0.5), ms(p(before, 0.5))],
      ['few wait, p99', p(before, 0.99), ms(p(before, 0.99))],
      [`${DEEP} wait, p50`, p(after, 0.5), ms(p(after, 0.5))],
      [`${DEEP} wait, p99`, p(after, 0.99), ms(p(after, 0.99))],
    ]),
  );
  say(
    `  p50 ${(p(after, 0.5) / p(before, 0.5)).toFixed(2)}, p99 ${(p(after, 0.99) / p(before, 0.99)).toFixed(2)} of that of a short queue; ` +
      `memory of the API ${before.memory.toFixed(0)} MiB before, ${after.memory.toFixed(0)} MiB after`,
  );
}

export async function run(cleanup) {
  const secret = { JWT_SECRET: randomBytes(32).toString('hex') };

  say('Embedded: one process, SQLite.');
  await rush(await startServer(cleanup, secret));

  const servers = await provideServers(['mariadb', 'redis'], cleanup);
  const apart = {
    ...secret,
    DATABASE_URL: servers.TEST_MYSQL_URL,
    REDIS_URL: servers.TEST_REDIS_URL,
    REDIS_PREFIX: `{${servers.TEST_REDIS_PREFIX}}`,
    ASSAY_ROLE: 'api',
  };
  await runOrFail(process.execPath, [join(root, 'dist', 'src', 'migrate.js')], {
    env: { PATH: process.env.PATH, ...apart },
    failure: 'The database of the benchmark could not be migrated, see above.',
  });
  const server = await startServer(cleanup, apart);
  say('\nAn API without a worker, MariaDB and Redis.');
  await deepQueue(server);
  say(`\nThe same API, and a worker, which has those ${DEEP} to grade beside it.`);
  startWorker(cleanup, server);
  await rush(server);
}
