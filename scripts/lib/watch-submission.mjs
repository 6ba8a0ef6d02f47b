import { say } from './progress.mjs';

const WIDTH = 24;

/**
 * Hands in a solution and shows it being graded, test by test: a moving bar in a terminal, a line a test elsewhere.
 *
 * @param {import('./rest-client.mjs').RestClient} student
 * @param {{ id: string, title: string, grading: { tests: unknown[] } }} assignment
 * @param {{ files: unknown[], runtime?: string }} solution
 * @param {string} label what is handed in, for the reader
 * @returns {Promise<any>} the graded submission
 */
export async function watchSubmission(student, assignment, solution, label) {
  const { files, runtime } = solution;
  const { body: accepted } = await student.request('POST', `/assignments/${assignment.id}/submissions`, {
    body: { files, ...(runtime === undefined ? {} : { runtime }) },
  });
  say(`\nHanding in ${label} for "${assignment.title}" (attempt ${accepted.attempt}) …`);
  const bar = new Bar(assignment.grading?.tests?.length ?? 0);
  for await (const { event, data } of student.events(`/submissions/${accepted.id}/events`)) {
    if (event === 'test') bar.add(data);
  }
  bar.end();
  const { body: submission } = await student.request('GET', `/submissions/${accepted.id}`);
  const verdict = submission.verdict ?? submission.status;
  say(`  ${verdict}  ${submission.score ?? '–'} of ${submission.maxScore ?? '–'} points`);
  return submission;
}

class Bar {
  #total;
  #done = 0;
  #live = process.stdout.isTTY;

  constructor(total) {
    this.#total = total;
    this.#draw('waiting for a worker');
  }

  add(test) {
    this.#done += 1;
    const figures =
      test.timeMs === null || test.timeMs === undefined
        ? ''
        : `  ${test.timeMs} ms CPU, ${Math.round((test.memoryKiB ?? 0) / 1024)} MiB`;
    const line = `  ${test.verdict === 'accepted' ? '✓' : '✗'} ${test.name}: ${test.verdict}, ${test.points} of ${test.maxPoints}${figures}`;
    if (this.#live) process.stdout.write('\r\x1b[2K');
    say(line);
    this.#draw(test.name);
  }

  end() {
    if (this.#live) process.stdout.write('\r\x1b[2K');
  }

  #draw(text) {
    if (!this.#live) return;
    const total = Math.max(this.#total, this.#done, 1);
    const filled = Math.round((this.#done / total) * WIDTH);
    process.stdout.write(
      `\r\x1b[2K  [${'█'.repeat(filled)}${'░'.repeat(WIDTH - filled)}] ${this.#done}/${total} ${text}`,
    );
  }
}
