import { setTimeout as pause } from 'node:timers/promises';
import { judgeFacts } from './judge-facts.mjs';
import { leftoversOf } from './leftovers.mjs';

const POLL_EVERY_MS = 200;
/** A worker that starts removes what a dead one left. */
const TIDY_WITHIN_MS = 20_000;
const AT_A_TIME = 4;

/**
 * The audit after a row, from outside: by the API as the students who handed in, by the tables over a connection of our own,
 * and by the machine's processes, mounts, cgroups and folders.
 *
 * @param {import('./scene.mjs').Scene} scene
 * @param {number} patienceMs how long what is stored may take to end
 */
export async function auditScene(scene, patienceMs) {
  const { topology, items } = scene;
  const facts = await factsWhenOver(scene, Math.max(patienceMs, POLL_EVERY_MS));
  const complaints = [];
  const accepted = items.filter(({ id }) => id !== null);
  await inTurns(accepted, async (item) => {
    const shown = await item.look();
    if (shown === null) {
      complaints.push(`${item.name} ${item.id}: was accepted, and GET does not show it`);
    } else if (!(await item.hasItsFiles())) {
      complaints.push(`${item.name} ${item.id}: its files are not those that were sent`);
    }
  });
  const refused = items.filter(({ refusal, mayBeRefused }) => refusal !== null && !mayBeRefused);
  for (const { name, refusal } of refused) {
    complaints.push(`${name}: was refused with ${refusal.status} ${refusal.body?.code ?? ''}`);
  }
  const broken = scene.traffic.filter(({ status }) => status === 500);
  if (broken.length > 0) complaints.push(`${broken.length} requests were answered 500, the first ${broken[0].route}`);
  const left = await leftWhenTidy(topology);
  if (left.length > 0) complaints.push(`left behind: ${left.join('; ')}`);
  return { judgement: judgeFacts(items, facts), ends: endsOf(facts, topology), complaints };
}

/** The tables once everything has ended, or as they are when patience is over. */
async function factsWhenOver(scene, patienceMs) {
  const deadline = performance.now() + patienceMs;
  for (;;) {
    const facts = await readFacts(scene).catch((error) => {
      if (performance.now() > deadline) throw error;
      return null;
    });
    const isOver = facts !== null && facts.waiting.length === 0;
    if (isOver || performance.now() > deadline) return facts;
    await pause(POLL_EVERY_MS);
  }
}

async function readFacts({ database, testsOf }) {
  const ids = [...testsOf.keys()];
  if (ids.length === 0) return { submissions: [], runs: [], results: [], waiting: [], testsOf };
  const marks = ids.map(() => '?').join(', ');
  const ofThese = `FROM "submissions" "s" JOIN "grading_runs" "r" ON "r"."submissionId" = "s"."id"`;
  const where = `WHERE "s"."assignmentId" IN (${marks})`;
  // First what waits: what ends in between is then seen as ended.
  const waiting = await database.select(
    `SELECT "o"."runId" AS "runId" FROM "outbox_messages" "o" JOIN "grading_runs" "r" ON "r"."id" = "o"."runId" JOIN "submissions" "s" ON "s"."id" = "r"."submissionId" ${where}`,
    ids,
  );
  const submissions = await database.select(
    `SELECT "id", "assignmentId", "studentId", "attempt", "status", "verdict", "score", "currentRunId" FROM "submissions" "s" ${where}`,
    ids,
  );
  const runs = await database.select(
    `SELECT "r"."id" AS "id", "r"."submissionId" AS "submissionId", "r"."number" AS "number", "r"."status" AS "status", "r"."verdict" AS "verdict", "r"."finishedAt" AS "finishedAt" ${ofThese} ${where}`,
    ids,
  );
  const results = await database.select(
    `SELECT "t"."runId" AS "runId", "t"."position" AS "position" ${ofThese} JOIN "test_results" "t" ON "t"."runId" = "r"."id" ${where}`,
    ids,
  );
  return { submissions, runs, results, waiting: waiting.map(({ runId }) => runId), testsOf };
}

function endsOf({ runs }, { database }) {
  return runs.map(({ submissionId, finishedAt }) => ({ submissionId, endedAt: database.instant(finishedAt) }));
}

async function leftWhenTidy({ workers, apis, temporaryFolders }) {
  const deadline = performance.now() + TIDY_WITHIN_MS;
  for (;;) {
    const left = leftoversOf([...new Set([...workers, ...apis])], temporaryFolders);
    if (left.length === 0 || performance.now() > deadline) return left;
    await pause(POLL_EVERY_MS);
  }
}

async function inTurns(values, work) {
  const waiting = [...values];
  const turn = async () => {
    for (let value = waiting.shift(); value !== undefined; value = waiting.shift()) await work(value);
  };
  await Promise.all(Array.from({ length: AT_A_TIME }, turn));
}
