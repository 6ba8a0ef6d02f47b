import { describe, expect, it } from 'vitest';
import { chooseFairly, type WaitingRun } from '../../../src/queue/choose-fairly.js';
import { CourseShares } from '../../../src/queue/course-shares.js';
import { flowOf, type WorkClass } from '../../../src/queue/flow.js';

interface Waiting {
  readonly workClass?: WorkClass;
  readonly course?: string;
  readonly student: string;
  readonly turn?: number;
  readonly weight?: number;
  readonly isDue?: boolean;
}

let last = 0;

function run({
  workClass = 'interactive',
  course = 'c',
  student,
  turn = 0,
  weight = 1,
  isDue = true,
}: Waiting): WaitingRun & { readonly turn: number } {
  last += 1;
  const flow = flowOf(workClass, course);
  return { id: String(last), runId: `run ${last}`, flow, studentId: student, weight, isDue, turn };
}

/** As the outbox would: by turn, and the older first. */
async function choose(runs: readonly ReturnType<typeof run>[], room: number) {
  const shares = new Map<number, CourseShares>();
  return chooseFairly({
    flows: [...new Set(runs.map(({ flow }) => flow))],
    runsOf: (flow) =>
      Promise.resolve(runs.filter((one) => one.flow === flow).toSorted((one, other) => one.turn - other.turn)),
    room,
    sharesOf: (classNumber) => {
      const known = shares.get(classNumber) ?? new CourseShares();
      shares.set(classNumber, known);
      return known;
    },
  });
}

/** Ten of one student, the first of which the queue has. */
const flood = (held: number) =>
  Array.from({ length: 10 }, (_, turn) => run({ student: 'flooder', turn, isDue: turn >= held }));

const students = (chosen: readonly WaitingRun[]): string[] => chosen.map(({ studentId }) => studentId);

describe('the choice among those who wait', () => {
  it('takes interactive before late before rejudged work', async () => {
    const runs = [
      run({ workClass: 'rejudge', student: 'r' }),
      run({ workClass: 'late', student: 'l' }),
      run({ student: 'i' }),
    ];
    expect(students(await choose(runs, 2))).toEqual(['i', 'l']);
    expect(students(await choose(runs, 9))).toEqual(['i', 'l', 'r']);
  });

  it('takes the students of a course by their turns, and no more than there is room for', async () => {
    const runs = [
      ...[0, 1, 2].map((turn) => run({ student: 'flooder', turn })),
      ...['ada', 'bob'].map((student) => run({ student })),
    ];
    expect(students(await choose(runs, 4))).toEqual(['flooder', 'ada', 'bob', 'flooder']);
  });

  it('takes courses by weight', async () => {
    const runs = ['a', 'b'].flatMap((course) =>
      Array.from({ length: 12 }, (_, number) =>
        run({ course, student: `${course}${number}`, weight: course === 'a' ? 3 : 1 }),
      ),
    );
    const chosen = await choose(runs, 8);
    expect(chosen.filter(({ flow }) => flow === flowOf('interactive', 'a'))).toHaveLength(6);
  });

  it('leaves no more than two of one student in the queue, those included that it has', async () => {
    expect(await choose(flood(0), 8)).toHaveLength(2);
    expect(await choose(flood(1), 8)).toHaveLength(1);
    expect(await choose(flood(2), 8)).toEqual([]);
    // Of another course they do not count here.
    const elsewhere = [0, 1].map((turn) => run({ course: 'other', student: 'flooder', turn, isDue: false }));
    expect(await choose([...elsewhere, ...flood(0)], 8)).toHaveLength(2);
  });

  it('goes on with the next course, or class, where the first has nothing to give', async () => {
    const runs = [
      ...[0, 1].map((turn) => run({ course: 'a', student: 'flooder', turn, isDue: false })),
      run({ course: 'a', student: 'flooder', turn: 2 }),
      run({ course: 'b', student: 'ada' }),
      run({ workClass: 'rejudge', student: 'bob' }),
    ];
    expect(students(await choose(runs, 8))).toEqual(['ada', 'bob']);
  });

  it('hands over what belongs to nobody as it comes', async () => {
    const runs = Array.from({ length: 5 }, (_, turn) => run({ student: '', turn }));
    expect(await choose(runs, 8)).toEqual(runs);
  });
});
