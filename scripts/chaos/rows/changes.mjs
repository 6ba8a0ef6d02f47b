import { GRADINGS, PROGRAMS } from '../programs.mjs';

const EVERY_MS = 60;
const SOON_MS = 1_000;

/** Row 31: a deadline is moved and a member removed while requests fly. */
export const changeMeanwhile = {
  row: '31',
  what: 'a deadline extended, then a member removed, while requests fly',

  async run(scene) {
    const { school } = scene;
    // One of their own, who is not missed later.
    await school.enrol(school.students.length + 2);
    const student = school.students.at(-1);
    const past = new Date(Date.now() - 60_000).toISOString();
    const assignment = await school.assign(student.course, GRADINGS.one, { closesAt: past });
    scene.adopt(assignment, 1);
    const sent = [];
    const over = new AbortController();
    const flying = (async () => {
      const answers = [];
      while (!over.signal.aborted) {
        answers.push(one(scene, student, assignment, sent));
        await scene.pause(EVERY_MS);
      }
      await Promise.all(answers);
    })();
    await scene.pause(500);
    await school.ask('PATCH', `/assignments/${assignment.id}`, {
      closesAt: new Date(Date.now() + 3_600_000).toISOString(),
    });
    const extendedAt = Date.now();
    await scene.pause(SOON_MS + 500);
    await school.ask('DELETE', `/courses/${school.courses[student.course]}/members/${student.id}`);
    const removedAt = Date.now();
    await scene.pause(SOON_MS + 500);
    over.abort();
    await flying;
    // Back in, so that the audit may look at what was accepted.
    await school.ask('POST', `/courses/${school.courses[student.course]}/members`, {
      email: student.email,
      role: 'student',
    });

    const between = sent.filter(({ at, doneAt }) => at > extendedAt + SOON_MS && doneAt < removedAt);
    scene.check(
      between.length > 0 && between.every(({ item }) => item.id !== null),
      `${between.filter(({ item }) => item.id === null).length} of ${between.length} were refused a second after the deadline was extended`,
    );
    const after = sent.filter(({ at }) => at > removedAt + SOON_MS);
    scene.check(
      after.length > 0 && after.every(({ item }) => item.id === null),
      `${after.filter(({ item }) => item.id !== null).length} of ${after.length} were accepted a second after the member was removed`,
    );
    const before = sent.filter(({ doneAt }) => doneAt < extendedAt - 500);
    scene.check(
      before.every(({ item }) => item.refusal?.body?.code === 'closed'),
      'one was accepted before the deadline was extended',
    );
  },
};

async function one(scene, student, assignment, sent) {
  const at = Date.now();
  const item = scene.item({ student, assignmentId: assignment.id, program: PROGRAMS.brief, name: 'meanwhile' });
  item.mayBeRefused = true;
  await item.send();
  sent.push({ at, doneAt: Date.now(), item });
}

const EDITS = 8;

/** Row 32: several instructors change one assignment at once. */
export const editTogether = {
  row: '32',
  what: 'parallel changes of one assignment, with the same ETag and without one',

  async run(scene) {
    const { school } = scene;
    for (let round = 0; round < scene.scale(5, 50); round += 1) {
      const assignment = await school.assign(0, GRADINGS.one, {});
      scene.adopt(assignment, 1);
      const path = `/assignments/${assignment.id}`;
      const etag = await etagOf(scene, path);
      const answers = await Promise.all(
        Array.from({ length: EDITS }, (_, edit) =>
          school.try('PATCH', path, { title: `Edit ${edit}` }, { 'if-match': etag }),
        ),
      );
      const won = answers.filter(({ status }) => status === 200);
      const lost = answers.filter(({ status }) => status === 412 || status === 409);
      scene.check(
        won.length === 1 && lost.length === EDITS - 1,
        `of ${EDITS} changes with one ETag ${won.length} were made and ${lost.length} refused`,
      );
      const { title } = await school.ask('GET', path);
      scene.check(title === won[0]?.body?.title, `the title is "${title}" and not that of the change that was made`);

      // Without a condition each of them counts: a version of the grading document for each.
      const versions = await Promise.all(
        Array.from({ length: EDITS }, (_, edit) =>
          school.try('PATCH', path, { grading: { ...GRADINGS.one, limits: { timeMs: 5_000 + edit } } }),
        ),
      );
      const made = versions.filter(({ status }) => status === 200).map(({ body }) => body.gradingVersion);
      const refused = versions.filter(({ status }) => ![200, 409, 412].includes(status));
      scene.check(refused.length === 0, `a change was answered ${refused[0]?.status ?? refused[0]?.error}`);
      scene.check(
        new Set(made).size === made.length && made.length > 0,
        `grading versions ${made.join(', ')} were given`,
      );
    }
  },
};

async function etagOf(scene, path) {
  const answer = await fetch(`${scene.topology.base}/api/v1${path}`, {
    headers: { authorization: `Bearer ${scene.school.admin.token}` },
  });
  await answer.arrayBuffer();
  return answer.headers.get('etag');
}
