import type { CourseShares } from './course-shares.js';
import { classNumberOf } from './lane.js';

/** A run that no worker has claimed, as far as the choice looks at it. */
export interface WaitingRun {
  readonly id: string;
  readonly runId: string;
  readonly lane: string;
  /** Empty: nobody's in particular. */
  readonly studentId: string;
  readonly weight: number;
  /** False: the queue has it already, or it backs off. */
  readonly isDue: boolean;
}

/**
 * Most runs of one student and lane that the queue holds while they wait for a worker. Whoever comes while somebody floods an
 * otherwise empty queue finds no more of the flood ahead; where many students wait, their turns mix and nobody reaches it.
 */
export const MOST_OF_A_STUDENT = 2;

export interface Choice {
  /** Lanes in which something waits. */
  readonly lanes: readonly string[];
  /**
   * The first runs of a lane by turn, as many as the choice may need, those included that are not due: of one student they come
   * before those that are, so that they can be counted. Asked at most once for each lane.
   */
  readonly runsOf: (lane: string) => Promise<readonly WaitingRun[]>;
  /** How many may be chosen. */
  readonly room: number;
  /** Who was served before, of a class. */
  readonly sharesOf: (classNumber: number) => CourseShares;
}

/**
 * Whose runs the queue gets next, in this order: a class only when the classes before it have nothing to give; within a class,
 * courses by weight; within a course, by turn, at most `MOST_OF_A_STUDENT` of one student in the queue at a time.
 */
export async function chooseFairly({ lanes, runsOf, room, sharesOf }: Choice): Promise<WaitingRun[]> {
  const chosen: WaitingRun[] = [];
  for (const classNumber of [...new Set(lanes.map(classNumberOf))].sort((one, other) => one - other)) {
    const shares = sharesOf(classNumber);
    const open = new Set(lanes.filter((lane) => classNumberOf(lane) === classNumber));
    const offers = new Map<string, WaitingRun[]>();
    while (chosen.length < room) {
      const lane = shares.first([...open]);
      if (lane === undefined) break;
      const offered = offers.get(lane) ?? eligible(await runsOf(lane));
      offers.set(lane, offered);
      const next = offered.shift();
      if (next === undefined) {
        open.delete(lane);
        continue;
      }
      shares.charge(lane, next.weight);
      chosen.push(next);
    }
  }
  return chosen;
}

/** Of a lane's first runs those that may be handed over as far as their students have not too many there, in order. */
function eligible(runs: readonly WaitingRun[]): WaitingRun[] {
  const counts = new Map<string, number>();
  return runs.filter(({ studentId, isDue }) => {
    const count = (counts.get(studentId) ?? 0) + 1;
    counts.set(studentId, count);
    return isDue && (studentId === '' || count <= MOST_OF_A_STUDENT);
  });
}
