import { givenUp, sleeper } from '../programs.mjs';

const TRIES = 3;
const LEAST_SHARE = 0.95;

/** Row 23: whoever grades one submission dies of it, each time. */
export const poison = {
  row: '23',
  what: 'a submission whose worker is killed each time it is claimed',
  isEmbeddedToo: true,

  async run(scene) {
    const { leaseMs } = scene.topology;
    const assignment = await scene.school.assign(0, ONE_ATTEMPT.grading, ONE_ATTEMPT.more);
    scene.adopt(assignment, 1);
    scene.startLoad(2);
    const student = scene.school.students[0];
    const item = scene.item({
      student,
      assignmentId: assignment.id,
      program: givenUp(sleeper(3, 'chaos-poison')),
      name: 'poison',
    });
    await item.send();
    scene.follow(item);
    const since = Date.now();
    for (let tries = 1; tries <= TRIES; tries += 1) {
      const worker = await scene.require(
        `it is claimed for the ${tries}. time`,
        () => scene.workerOf(item),
        4 * leaseMs + 30_000,
      );
      await scene.pause(300 + scene.random() * 500);
      await worker.kill();
      // Not waited for: another worker may have the poison before this one is back.
      worker.start();
    }
    await scene.require(
      'it is given up',
      async () => (await scene.runOf(item))?.status === 'failed',
      4 * leaseMs + 30_000,
    );
    const seconds = (Date.now() - since) / 1_000;
    scene.stopLoad();

    const again = scene.item({
      student,
      assignmentId: assignment.id,
      program: sleeper(0, 'chaos-after'),
      name: 'after the poison',
    });
    await again.send();
    scene.check(again.id !== null, `the attempt was not given back: ${again.refusal?.body?.code}`);
    scene.follow(again);

    const others = scene.items.filter(
      (one) => one !== item && one !== again && one.id !== null && one.sentAt < since + 1_000 * seconds - 20_000,
    );
    await scene.until(() => others.every(({ ends }) => ends.length > 0), 4 * leaseMs + 30_000);
    const right = others.filter(({ ends, expected }) => ends.length > 0 && expected.includes(ends.at(-1)));
    const share = others.length === 0 ? 1 : right.length / others.length;
    scene.check(share >= LEAST_SHARE, `only ${right.length} of ${others.length} others were graded meanwhile`);
  },
};

const ONE_ATTEMPT = {
  grading: {
    runtime: 'python',
    limits: { timeMs: 10_000, wallMs: 30_000 },
    tests: [{ kind: 'program', name: 'sum', points: 1, stdin: '1 2\n', expect: { stdout: '3' } }],
  },
  more: { maxAttempts: 1 },
};
