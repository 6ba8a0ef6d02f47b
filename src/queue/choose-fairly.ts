import type { CourseShares } from './course-shares.js';
import { classNumberOf } from './flow.js';

/** A run that no worker has claimed, as far as the choice looks at it. */
export interface WaitingRun {
  readonly id: string;
  readonly runId: string;
  readonly flow: string;
  /** Empty: nobody's in particular. */
  readonly studentId: string;
  readonly weight: number;
  /** False: the queue has it already, or it backs off. */
  readonly isDue: boolean;
}

/**
 * Most runs of one student and flow that the queue holds while they wait for a worker. Whoever comes while somebody floods an
 * otherwise empty queue finds no more of the flood ahead; where many students wait, their turns mix and nobody reaches it.
 */
export const MOST_OF_A_STUDENT = 2;

export interface Choice {
  /** Flows in which something waits. */
  readonly flows: readonly string[];
  /**
   * The first runs of a flow by turn, as many as the choice may need, those included that are not due: of one student they come
   * before those that are, so that they can be counted. Asked at most once for each flow.
   */
  readonly runsOf: (flow: string) => Promise<readonly WaitingRun[]>;
  /** How many may be chosen. */
  readonly room: number;
  /** Who was served before, of a class. */
  readonly sharesOf: (classNumber: number) => CourseShares;
}

/**
 * Whose runs the queue gets next, in this order: a class only when the classes before it have nothing to give; within a class,
 * courses by weight; within a course, by turn, at most `MOST_OF_A_STUDENT` of one student in the queue at a time.
 */
export async function chooseFairly({ flows, runsOf, room, sharesOf }: Choice): Promise<WaitingRun[]> {
  const chosen: WaitingRun[] = [];
  for (const classNumber of [...new Set(flows.map(classNumberOf))].sort((one, other) => one - other)) {
    const shares = sharesOf(classNumber);
    const open = new Set(flows.filter((flow) => classNumberOf(flow) === classNumber));
    const offers = new Map<string, WaitingRun[]>();
    while (chosen.length < room) {
      const flow = shares.first([...open]);
      if (flow === undefined) break;
      const offered = offers.get(flow) ?? eligible(await runsOf(flow));
      offers.set(flow, offered);
      const next = offered.shift();
      if (next === undefined) {
        open.delete(flow);
        continue;
      }
      shares.charge(flow, next.weight);
      chosen.push(next);
    }
  }
  return chosen;
}

/** Of a flow's first runs those that may be handed over as far as their students have not too many there, in order. */
function eligible(runs: readonly WaitingRun[]): WaitingRun[] {
  const counts = new Map<string, number>();
  return runs.filter(({ studentId, isDue }) => {
    const count = (counts.get(studentId) ?? 0) + 1;
    counts.set(studentId, count);
    return isDue && (studentId === '' || count <= MOST_OF_A_STUDENT);
  });
}
