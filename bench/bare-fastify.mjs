import { createHmac, createSecretKey, timingSafeEqual } from 'node:crypto';
import Database from 'better-sqlite3';
import fastify from 'fastify';
import { createPool } from 'mysql2/promise';

/**
 * The floor of the benchmark `api`, as a process of its own: the read of one submission as someone would write it by hand
 * who needs nothing else. It checks the access token, sends the statements that Assay sends, with their parameters bound
 * anew for each request, and answers the same JSON. No router but Fastify's, no ORM, no validation, no log, no security
 * headers, no entity tag.
 *
 * The parent tells in one message which statements on which database, and hears the port; when it is gone, this ends.
 */
process.once('disconnect', () => process.exit());
process.once('message', (settings) => {
  start(settings).then(
    (port) => process.send({ port }),
    (error) => process.send({ failure: String(error?.stack ?? error) }),
  );
});

async function start({ databaseUrl, secret, statements }) {
  const prepare = databaseUrl.startsWith('sqlite:') ? onSqlite(databaseUrl) : onMariadb(databaseUrl);
  // The first finds the submission and says whether it may be seen; the others need the id of its run.
  const [findSubmission, ...findDetails] = statements.map(({ sql, parameters }) => {
    const execute = prepare(sql);
    return (known) => execute(parameters.map((one) => (one.is === undefined ? one.value : known[one.is])));
  });
  const userOf = tokenCheck(secret);
  const app = fastify();

  app.get('/api/v1/submissions/:submissionId', async (request, reply) => {
    const userId = userOf(request.headers.authorization);
    if (userId === null) return reply.code(401).send({ title: 'Unauthorized' });
    const { submissionId } = request.params;
    const [row] = await findSubmission({ userId, submissionId });
    if (row === undefined || row.submission_studentId !== userId) return reply.code(404).send({ title: 'Not Found' });
    const runId = row.submission_currentRunId;
    const [[run], results] = await Promise.all(findDetails.map((find) => find({ userId, submissionId, runId })));
    return submissionOf(row, run, results);
  });

  await app.listen({ port: 0, host: '127.0.0.1' });
  return app.server.address().port;
}

/** One connection and prepared statements, as TypeORM keeps them. */
function onSqlite(databaseUrl) {
  const database = new Database(databaseUrl.slice('sqlite:'.length), { fileMustExist: true });
  return (sql) => {
    const statement = database.prepare(sql);
    return (values) => statement.all(...values);
  };
}

/** The same driver, pool and protocol as TypeORM uses. */
function onMariadb(databaseUrl) {
  const { hostname, port, username, pathname } = new URL(databaseUrl);
  const pool = createPool({
    host: hostname,
    port: Number(port),
    user: username,
    database: pathname.slice(1),
    timezone: 'Z',
    charset: 'utf8mb4_bin',
    supportBigNumbers: true,
    bigNumberStrings: true,
    stringifyObjects: true,
    connectionLimit: 20,
  });
  return (sql) => async (values) => {
    const [rows] = await pool.query(sql, values);
    return rows;
  };
}

/** The caller of an `Authorization` header, or null: signature and expiry of an HS256 token. */
function tokenCheck(secret) {
  const key = createSecretKey(Buffer.from(secret, 'utf8'));
  return (header) => {
    const [head, claims, signature] = (header ?? '').replace(/^Bearer /, '').split('.');
    if (signature === undefined) return null;
    const expected = createHmac('sha256', key).update(`${head}.${claims}`).digest();
    const actual = Buffer.from(signature, 'base64url');
    if (actual.length !== expected.length || !timingSafeEqual(actual, expected)) return null;
    const { sub, exp } = JSON.parse(Buffer.from(claims, 'base64url').toString('utf8'));
    return exp * 1000 > Date.now() ? sub : null;
  };
}

/** SQLite holds a moment as text in UTC; the other driver gives a Date. */
function instant(value) {
  return typeof value === 'string' ? `${value.replace(' ', 'T')}Z` : value;
}

function submissionOf(row, run, results) {
  return {
    id: row.submission_id,
    assignmentId: row.submission_assignmentId,
    studentId: row.submission_studentId,
    attempt: row.submission_attempt,
    counts: Boolean(row.submission_counts),
    runtime: row.submission_runtime,
    status: row.submission_status,
    verdict: row.submission_verdict,
    score: row.submission_score,
    maxScore: row.submission_maxScore,
    late: Boolean(row.submission_late),
    gradingVersion: row.submission_gradingVersion,
    submittedAt: instant(row.submission_submittedAt),
    startedAt: instant(row.submission_startedAt),
    gradedAt: instant(row.submission_gradedAt),
    tests: results.map(testOf),
    buildOutput: run.GradingRun_buildOutput,
    override: null,
  };
}

/** The tests of the benchmark are all `visible`, so there is nothing to hide. */
function testOf(row) {
  return {
    name: row.TestResult_name,
    kind: row.TestResult_kind,
    verdict: row.TestResult_verdict,
    points: row.TestResult_points,
    maxPoints: row.TestResult_maxPoints,
    timeMs: row.TestResult_timeMs,
    wallMs: row.TestResult_wallMs,
    memoryKiB: row.TestResult_memoryKiB,
    exitCode: row.TestResult_exitCode,
    signal: row.TestResult_signal,
    message: row.TestResult_message,
    stdout: row.TestResult_stdout,
    stderr: row.TestResult_stderr,
    expected: row.TestResult_expected,
    hidden: false,
  };
}
