import { median, quantile } from '../../../bench/statistics.mjs';
import { PROGRAMS, sleeper } from '../programs.mjs';
import { NotRun } from '../scene.mjs';

/** Rows that ask for the order in which students and courses take turns; a version without it shows no place in the queue. */
async function requireFairOrder({ topology }) {
  const answer = await topology.apis[0].ask('/openapi.json', 10_000);
  const described = JSON.parse(answer?.text ?? '{}').components?.schemas?.SubmissionDto?.properties ?? {};
  if (described.queue === undefined) throw new NotRun('needs the fair order');
}

const waitOf = (shown) => Date.parse(shown.startedAt) - Date.parse(shown.submittedAt);

/** Waits until items have ended; gives how long each had waited for its turn, in milliseconds. */
async function waitsOf(scene, items) {
  const waits = [];
  for (const item of items) {
    const shown = await scene.require(
      'it is graded',
      async () => {
        const seen = await item.look();
        return seen?.status === 'graded' ? seen : null;
      },
      600_000,
    );
    waits.push(waitOf(shown));
  }
  return waits;
}

const AHEAD = 2;

/** Row 25. */
export const flood = {
  row: '25',
  what: 'one student floods, others hand in one each',

  async run(scene) {
    await requireFairOrder(scene);
    const [many, others] = [scene.scale(120, 1_000), scene.scale(10, 50)];
    await scene.school.enrol(2 * others + 2);
    const students = scene.school.students
      .map((_student, index) => index)
      .filter((index) => scene.school.students[index].course === 0);
    const [flooder, ...honest] = students.slice(0, others + 1);
    const refused = [];
    for (let sent = 0; sent < many; sent += 20) {
      const some = await Promise.all(
        Array.from({ length: Math.min(20, many - sent) }, () => floodOnce(scene, flooder)),
      );
      refused.push(...some.filter(({ refusal }) => refusal !== null));
      if (some.some(({ refusal }) => refusal?.status === 429)) break;
    }
    scene.check(
      refused.every(({ refusal }) => refusal.status === 429),
      `the flooder was refused with ${refused[0]?.refusal.status}`,
    );
    const flooded = scene.items.filter(({ id, name }) => id !== null && name === 'flood');
    const quick = await Promise.all(
      honest.map((person) => scene.handIn(sleeper(0.2, 'chaos-honest'), { name: 'honest', person })),
    );
    await waitsOf(scene, quick);
    const startOf = await startsOf(scene);
    for (const item of quick) {
      const ahead = flooded.filter(
        ({ id }) =>
          startOf.get(id).at > startOf.get(item.id).submittedAt && startOf.get(id).at < startOf.get(item.id).at,
      );
      // What workers had taken, or had been handed, before it came does not count as ahead of it.
      scene.check(
        ahead.length <= AHEAD + quick.length + WINDOW,
        `${ahead.length} of the flood were begun while one of the others waited`,
      );
    }
  },
};

/** What the queue itself may hold, besides the order. */
const WINDOW = 80;

async function floodOnce(scene, person) {
  const student = scene.school.students[person];
  const { id } = await scene.assignment(student.course, 'one');
  const item = scene.item({ student, assignmentId: id, program: sleeper(0.2, 'chaos-flood'), name: 'flood' });
  item.mayBeRefused = true;
  item.isImpatient = true;
  await item.send();
  scene.follow(item);
  return item;
}

async function startsOf({ database }) {
  const rows = await database.select('SELECT "id", "submittedAt", "startedAt" FROM "submissions"');
  return new Map(
    rows.map(({ id, submittedAt, startedAt }) => [
      id,
      { submittedAt: database.instant(submittedAt), at: database.instant(startedAt) },
    ]),
  );
}

/** Row 26. */
export const floodedCourse = {
  row: '26',
  what: 'one course is flooded by its students, another goes on',

  async run(scene) {
    await requireFairOrder(scene);
    const alone = await Promise.all(await handInSome(scene, 1, 10));
    const unloaded = quantile(await waitsOf(scene, alone), 0.95);
    const people = scene.scale(20, 200);
    await scene.school.enrol(2 * people);
    await handInSome(scene, 0, scene.scale(150, 5_000));
    const waits = await waitsOf(scene, await handInSome(scene, 1, 10));
    const p95 = quantile(waits, 0.95);
    // Below a second a wait is what a busy machine makes of it.
    const limit = Math.max(2 * unloaded, 1_000);
    scene.check(
      p95 <= limit,
      `the other course waited ${(p95 / 1_000).toFixed(1)} s (p95), unloaded ${(unloaded / 1_000).toFixed(1)} s`,
    );
  },
};

async function handInSome(scene, course, count) {
  const people = scene.school.students
    .map((_student, index) => index)
    .filter((index) => scene.school.students[index].course === course);
  const items = [];
  for (let sent = 0; sent < count; sent += 10) {
    const some = Array.from({ length: Math.min(10, count - sent) }, (_, index) =>
      scene.handIn(PROGRAMS.brief, { name: `of course ${course}`, person: people[(sent + index) % people.length] }),
    );
    items.push(...(await Promise.all(some)));
  }
  return items;
}

/** A pause of the whole machine would decide the slowest of few: so the middle one of several p99 counts. */
const SAMPLES = 60;
const SETS = 3;

/** Row 27. */
export const deepQueue = {
  row: '27',
  what: 'a deep queue: what handing in costs, and where one stands',

  async run(scene) {
    await requireFairOrder(scene);
    const empty = await p99Of(scene);
    await scene.school.enrol(scene.scale(40, 800));
    const people = scene.school.students.length;
    const depth = scene.scale(300, 20_000);
    for (const worker of scene.topology.workers) worker.signal('SIGSTOP');
    try {
      for (let sent = 0; sent < depth; sent += 20) {
        await Promise.all(
          Array.from({ length: 20 }, (_, index) =>
            scene.handIn(PROGRAMS.brief, { name: 'deep', person: (sent + index) % people }),
          ),
        );
      }
      const deep = await p99Of(scene);
      scene.check(
        deep <= Math.max(2 * empty, 100),
        `POST took ${deep.toFixed(0)} ms (p99), with an empty queue ${empty.toFixed(0)} ms`,
      );
      const last = scene.items.at(-1);
      const shown = await scene.require('it is shown', () => last.look());
      scene.check(Number.isInteger(shown.queue?.position), 'a waiting submission does not tell its place');
    } finally {
      for (const worker of scene.topology.workers) worker.signal('SIGCONT');
    }
  },
};

async function p99Of(scene) {
  const sets = [];
  for (let set = 0; set < SETS; set += 1) sets.push(quantile(await timesOf(scene), 0.99));
  return median(sets);
}

async function timesOf(scene) {
  const since = scene.traffic.length;
  for (let sent = 0; sent < SAMPLES; sent += 1) {
    await scene.handIn(PROGRAMS.brief, { name: 'sample', person: sent % 8 });
  }
  return scene.traffic
    .slice(since)
    .filter(({ route, status }) => route.startsWith('POST') && status === 202)
    .map(({ ms }) => ms);
}
