/**
 * Shares what is handed over among courses by weight: start-time fair queueing (Goyal, Vin, Cheng 1996) with unit cost. While
 * two courses both wait, the numbers of their runs that were chosen, each divided by its weight, never differ by more than
 * 1/weight + 1/weight; a course that comes back after a pause is owed nothing for it, and owes nothing.
 *
 * Lives in memory, one for each process that hands over and each class: the bound holds for each of them, so it holds for their
 * sum, and a process that starts anew costs a course one turn at most.
 */
export class CourseShares {
  /** When each lane's next run begins, in virtual time: behind the one chosen before it. */
  private readonly nextStart = new Map<string, number>();
  /** The start of the run that was chosen last. */
  private now = 0;

  /** Of lanes that have something waiting, the one whose turn it is; `charge` it once a run was found there. */
  first(lanes: readonly string[]): string | undefined {
    let best: string | undefined;
    for (const lane of lanes) if (best === undefined || this.startOf(lane) < this.startOf(best)) best = lane;
    return best;
  }

  /** A run of the lane was chosen. */
  charge(lane: string, weight: number): void {
    this.now = this.startOf(lane);
    this.nextStart.set(lane, this.now + 1 / Math.max(1, weight));
    // A lane whose time has come begins at `now` whether it is known or not.
    for (const [known, start] of this.nextStart) if (start <= this.now) this.nextStart.delete(known);
  }

  private startOf(lane: string): number {
    return Math.max(this.now, this.nextStart.get(lane) ?? 0);
  }
}
