import { fork } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import autocannon from 'autocannon';
import { Cleanup } from '../scripts/lib/cleanup.mjs';
import { root, runOrFail } from '../scripts/lib/processes.mjs';
import { CommandFailure, say } from '../scripts/lib/progress.mjs';
import { cpuMicroseconds } from './cpu-time.mjs';
import { databasesHere } from './databases.mjs';
import { createAssignment, signInWithToken, startServer } from './server.mjs';
import { bars, median, quantile } from './statistics.mjs';

export const title = 'CPU per authenticated read of a graded submission, against bare Fastify sending the same SQL';

/** Of the system, by their names in `system-packages.mjs`. */
export const tools = ['bubblewrap', 'python'];

const ROUNDS = 7;
const REQUESTS = 3_000;
const CONNECTIONS = 10;
const TESTS = 5;

/** What a read costs in SQL today. The floor sends whatever Assay sends, so more of it would not show in the ratio. */
const STATEMENTS_PER_READ = 3;

const STUDENT = { email: 'bench-student@example.org', password: 'bench-password-2', name: 'Bench student' };

const GRADING = {
  runtime: 'python',
  entrypoint: 'main.py',
  tests: Array.from({ length: TESTS }, (_, test) => ({
    kind: 'program',
    name: `doubles ${test}`,
    points: 2,
    stdin: `${test}\n`,
    expect: { stdout: `${test * 2}\n`, compare: 'tokens' },
  })),
};
/** Wrong for the last test, so that one of them has a message to show. */
const PROGRAM = `number = int(input())\nprint(number * 2 if number < ${TESTS - 1} else 0)\n`;

/** A student of a course, and a submission of theirs that was graded. */
async function gradedSubmission({ admin, guest }) {
  const assignment = await createAssignment(admin, GRADING);
  const { user, client, token } = await signInWithToken(guest, STUDENT);
  await admin.request('POST', `/courses/${assignment.courseId}/members`, {
    body: { userId: user.id, role: 'student' },
  });
  const files = [{ path: 'main.py', content: PROGRAM }];
  const { body } = await client.request('POST', `/assignments/${assignment.id}/submissions`, { body: { files } });
  for await (const { event } of client.events(`/submissions/${body.id}/events`)) if (event === 'graded') break;
  const { body: submission } = await client.request('GET', `/submissions/${body.id}`);
  if (submission.verdict !== 'wrong_answer' || submission.tests.length !== TESTS) {
    throw new CommandFailure(`The submission to be read was graded ${submission.verdict ?? submission.status}.`);
  }
  return { submission, token, userId: user.id, runId: await currentRun(admin, submission) };
}

async function currentRun(admin, submission) {
  const { body } = await admin.request('GET', `/submissions/${submission.id}/runs`);
  return body.items[0].id;
}

/** The statements that Assay sends for a read, as templates: `{ is }` is bound for each request, `{ value }` is fixed. */
async function recordStatements(path, token, known, environment) {
  const output = await runOrFail(process.execPath, [join(root, 'bench', 'record-statements.mjs'), path, token], {
    env: { PATH: process.env.PATH, ...environment },
    failure: 'The statements of a read could not be recorded, see above.',
  });
  const { status, statements } = JSON.parse(output.trimEnd().split('\n').at(-1));
  if (status !== 200) throw new CommandFailure(`The read whose statements were recorded was answered ${status}.`);
  if (statements.length !== STATEMENTS_PER_READ) {
    throw new CommandFailure(
      `A read takes ${statements.length} SQL statements where it took ${STATEMENTS_PER_READ}:\n` +
        `${statements.map(({ sql }) => `  ${sql}`).join('\n')}\n` +
        'If that is meant, change STATEMENTS_PER_READ in bench/api.bench.mjs, and bench/bare-fastify.mjs with it.',
    );
  }
  return statements.map(({ sql, parameters }) => ({
    sql,
    parameters: parameters.map((value) => {
      const name = Object.keys(known).find((key) => known[key] === value);
      return name === undefined ? { value } : { is: name };
    }),
  }));
}

/** Starts the floor; the cleanup ends it. */
async function startBare(cleanup, settings) {
  const child = fork(join(root, 'bench', 'bare-fastify.mjs'), { env: { PATH: process.env.PATH, LANG: 'C.UTF-8' } });
  const ended = new Promise((resolve) => child.once('exit', resolve));
  cleanup.add(async () => {
    child.kill();
    await ended;
  });
  const answer = new Promise((resolve) => child.once('message', resolve));
  child.send(settings);
  const { port, failure } = await Promise.race([answer, ended.then((code) => ({ failure: `It ended with ${code}.` }))]);
  if (port === undefined) throw new CommandFailure(`Bare Fastify did not start. ${failure}`);
  return { name: 'bare Fastify', base: `http://127.0.0.1:${port}`, pid: child.pid };
}

async function readOnce({ base }, path, token) {
  const response = await fetch(base + path, { headers: { authorization: `Bearer ${token}` } });
  return { status: response.status, body: await response.text() };
}

/** Both must answer the same bytes, and neither without a valid token. */
async function requireEqualAnswers(servers, path, token) {
  const [assay, bare] = await Promise.all(servers.map((server) => readOnce(server, path, token)));
  if (assay.status !== 200 || bare.status !== 200 || assay.body !== bare.body) {
    throw new CommandFailure(
      `The answers differ.\nAssay, ${assay.status}: ${assay.body}\nbare Fastify, ${bare.status}: ${bare.body}`,
    );
  }
  const forged = `${token.slice(0, -4)}AAAA`;
  for (const server of servers) {
    const { status } = await readOnce(server, path, forged);
    if (status !== 401) throw new CommandFailure(`${server.name} answered ${status} to a forged token.`);
  }
  return assay.body;
}

/** One round against one server: every answer is compared with the body that is expected. */
async function load({ name, base, pid }, path, token, expectBody) {
  const cpuBefore = await cpuMicroseconds(pid);
  const startedAt = performance.now();
  const latencies = [];
  // autocannon itself ends with the second that it counts in.
  let lastAnswerAt = startedAt;
  const run = autocannon({
    url: base + path,
    connections: CONNECTIONS,
    amount: REQUESTS,
    headers: { authorization: `Bearer ${token}` },
    expectBody,
  });
  run.on('response', (_client, _status, _bytes, milliseconds) => {
    latencies.push(milliseconds);
    lastAnswerAt = performance.now();
  });
  const { errors, mismatches, '2xx': good } = await run;
  const cpu = (await cpuMicroseconds(pid)) - cpuBefore;
  if (good !== REQUESTS || errors + mismatches > 0) {
    throw new CommandFailure(
      `${name} gave ${good} good answers to ${REQUESTS} requests, ${errors} errors and ${mismatches} other bodies.`,
    );
  }
  return {
    cpu: cpu / REQUESTS,
    rate: (REQUESTS * 1000) / (lastAnswerAt - startedAt),
    p50: quantile(latencies, 0.5),
    p99: quantile(latencies, 0.99),
  };
}

async function measure(servers, path, token, body) {
  const rounds = [];
  for (let round = 0; round <= ROUNDS; round += 1) {
    const [assay, bare] = [await load(servers[0], path, token, body), await load(servers[1], path, token, body)];
    // The first round warms both up.
    if (round > 0) rounds.push({ assay, bare, ratio: assay.cpu / bare.cpu });
    say(`  round ${round}/${ROUNDS}: bare ${bare.cpu.toFixed(0)}, Assay ${assay.cpu.toFixed(0)} µs CPU a request`);
  }
  return rounds;
}

function report(name, rounds, bodyBytes) {
  const of = (server, figure) => median(rounds.map((round) => round[server][figure]));
  const row = (label, server) => [
    label,
    of(server, 'cpu'),
    `${of(server, 'cpu').toFixed(0)} µs CPU, ${of(server, 'rate').toFixed(0)} requests/s, ` +
      `p50 ${of(server, 'p50').toFixed(1)} ms, p99 ${of(server, 'p99').toFixed(1)} ms`,
  ];
  say(
    `${name}: ${STATEMENTS_PER_READ} SQL statements and ${bodyBytes} bytes a read, ${CONNECTIONS} connections, ` +
      `medians of ${ROUNDS} rounds of ${REQUESTS}:`,
  );
  say(bars([row('bare Fastify, same SQL', 'bare'), row('Assay', 'assay')]));
  const ratios = rounds.map(({ ratio }) => ratio);
  say(
    `  ratio ${median(ratios).toFixed(2)} times the CPU of bare (rounds ${Math.min(...ratios).toFixed(2)} to ${Math.max(...ratios).toFixed(2)})`,
  );
}

export async function run(cleanup) {
  const databases = await databasesHere();
  for (const { name, create } of databases) {
    const ownCleanup = new Cleanup();
    cleanup.add(() => ownCleanup.run());
    const databaseUrl = await create(ownCleanup);
    const secret = randomBytes(32).toString('base64url');
    const environment = { DATABASE_URL: databaseUrl, JWT_SECRET: secret };
    const server = await startServer(ownCleanup, environment);
    const { submission, token, userId, runId } = await gradedSubmission(server);
    const path = `/api/v1/submissions/${submission.id}`;
    const known = { userId, submissionId: submission.id, runId };
    const statements = await recordStatements(path, token, known, environment);
    const bare = await startBare(ownCleanup, { databaseUrl, secret, statements });
    const servers = [{ name: 'Assay', base: server.base, pid: server.pid }, bare];
    const body = await requireEqualAnswers(servers, path, token);
    report(name, await measure(servers, path, token, body), Buffer.byteLength(body));
    // Whatever is measured next has the machine to itself.
    await ownCleanup.run();
  }
  if (databases.length === 1) say('MariaDB: left out, as root gets no answer on 127.0.0.1:3306.');
}
