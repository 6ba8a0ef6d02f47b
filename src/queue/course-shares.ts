/**
 * Shares what is handed over among courses by weight: start-time fair queueing (Goyal, Vin, Cheng 1996) with unit cost. While
 * two courses both wait, the numbers of their runs that were chosen, each divided by its weight, never differ by more than
 * 1/weight + 1/weight; a course that comes back after a pause is owed nothing for it, and owes nothing.
 *
 * Lives in memory, one for each process that hands over and each class: the bound holds for each of them, so it holds for their
 * sum, and a process that starts anew costs a course one turn at most.
 */
export class CourseShares {
  /** When each flow's next run begins, in virtual time: behind the one chosen before it. */
  private readonly nextStart = new Map<string, number>();
  /** The start of the run that was chosen last. */
  private now = 0;

  /** Of flows that have something waiting, the one whose turn it is; `charge` it once a run was found there. */
  first(flows: readonly string[]): string | undefined {
    let best: string | undefined;
    for (const flow of flows) if (best === undefined || this.startOf(flow) < this.startOf(best)) best = flow;
    return best;
  }

  /** A run of the flow was chosen. */
  charge(flow: string, weight: number): void {
    this.now = this.startOf(flow);
    this.nextStart.set(flow, this.now + 1 / Math.max(1, weight));
    // A flow whose time has come begins at `now` whether it is known or not.
    for (const [known, start] of this.nextStart) if (start <= this.now) this.nextStart.delete(known);
  }

  private startOf(flow: string): number {
    return Math.max(this.now, this.nextStart.get(flow) ?? 0);
  }
}
