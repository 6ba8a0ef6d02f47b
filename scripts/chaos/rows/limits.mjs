import { GRADINGS, PROGRAMS } from '../programs.mjs';

const MOST = 3;
const AT_ONCE = 50;

/** Row 29: the attempt limit under a rush of one student's own. */
export const attemptLimit = {
  row: '29',
  what: '50 parallel submissions where 3 attempts are allowed',
  isEmbeddedToo: true,

  async run(scene) {
    for (let round = 0; round < scene.scale(2, 10); round += 1) {
      const assignment = await scene.school.assign(round % 2, GRADINGS.one, { maxAttempts: MOST });
      scene.adopt(assignment, 1);
      const student = scene.school.students[round % 2];
      const items = Array.from({ length: AT_ONCE }, () => {
        const item = scene.item({
          student,
          assignmentId: assignment.id,
          program: PROGRAMS.brief,
          name: 'at the limit',
        });
        item.mayBeRefused = true;
        return item;
      });
      await Promise.all(items.map((item) => item.send()));
      const taken = items.filter(({ id }) => id !== null);
      taken.forEach((item) => scene.follow(item));
      scene.check(taken.length === MOST, `${taken.length} of ${AT_ONCE} were accepted instead of ${MOST}`);
      const others = items.filter(({ refusal }) => refusal !== null && refusal.body?.code !== 'attempts_exhausted');
      scene.check(
        others.length === 0,
        `one was refused with ${others[0]?.refusal.status} ${others[0]?.refusal.body?.code}`,
      );
    }
  },
};

const BEFORE_MS = 1_000;
const LATE_FOR_MS = 1_000;
const SETTLE_MS = 1_500;

/** Row 30: submissions around the moment from which they are late, and the one from which they are refused. */
export const deadline = {
  row: '30',
  what: 'submissions within a second before and after the deadline and the close',
  isEmbeddedToo: true,

  async run(scene) {
    const count = scene.scale(60, 500);
    const dueAt = new Date(Date.now() + BEFORE_MS + SETTLE_MS);
    const closesAt = new Date(dueAt.getTime() + LATE_FOR_MS);
    const dates = { dueAt: dueAt.toISOString(), closesAt: closesAt.toISOString() };
    const assignment = await scene.school.assign(0, GRADINGS.one, dates);
    scene.adopt(assignment, 1);
    const students = scene.school.students.filter(({ course }) => course === 0);
    const from = dueAt.getTime() - BEFORE_MS;
    const span = BEFORE_MS + LATE_FOR_MS + 1_000;
    const answers = [];
    await Promise.all(
      Array.from({ length: count }, async (_, index) => {
        const at = from + (index * span) / count;
        const item = scene.item({
          student: students[index % students.length],
          assignmentId: assignment.id,
          program: PROGRAMS.brief,
          name: 'at the deadline',
        });
        item.mayBeRefused = true;
        await scene.pause(Math.max(0, at - Date.now()));
        await item.send();
        answers.push({ item, answeredAt: Date.now() });
        scene.follow(item);
      }),
    );
    const seen = { early: 0, late: 0, refused: 0 };
    for (const { item, answeredAt } of answers) {
      if (item.id === null) {
        seen.refused += 1;
        scene.check(
          item.refusal?.body?.code === 'closed',
          `one was refused with ${item.refusal?.body?.code ?? 'no answer'}`,
        );
        scene.check(
          answeredAt > closesAt.getTime(),
          `one was refused ${closesAt.getTime() - answeredAt} ms before the close`,
        );
        continue;
      }
      const { late, submittedAt } = await scene.require('it is shown', () => item.look());
      const receivedAt = Date.parse(submittedAt);
      seen[late ? 'late' : 'early'] += 1;
      scene.check(
        late === receivedAt > dueAt.getTime(),
        `received ${receivedAt - dueAt.getTime()} ms after dueAt, and late is ${late}`,
      );
      scene.check(receivedAt <= closesAt.getTime(), `accepted ${receivedAt - closesAt.getTime()} ms after the close`);
    }
    scene.check(Math.min(...Object.values(seen)) > 0, `not all sides were tried: ${JSON.stringify(seen)}`);
  },
};
