import type { GradingQueue } from '../queue/grading-queue.js';

/**
 * What may be against taking grading runs. `unregistered`: it is not known yet what administrators want of this worker.
 * `sandbox`: there is none that holds, or it is not known yet. `administrator`: paused or drained. `stopping`: the process ends.
 */
export type Obstacle = 'unregistered' | 'sandbox' | 'administrator' | 'stopping';

type Queue = Pick<GradingQueue, 'pause' | 'resume'>;

/** Takes runs from the queue while nothing is against it, whoever has reasons and in whatever order they come and go. */
export class Intake {
  private readonly obstacles = new Set<Obstacle>(['unregistered', 'sandbox']);
  private hasBegun = false;

  /** @param begin starts to consume; called once, when nothing is against it for the first time */
  constructor(
    private readonly queue: Queue,
    private readonly begin: () => void,
  ) {}

  get isOpen(): boolean {
    return this.obstacles.size === 0;
  }

  /** Takes no further run; those that are graded go on. Harmless the second time. */
  block(obstacle: Obstacle): void {
    const wasOpen = this.isOpen;
    this.obstacles.add(obstacle);
    if (wasOpen) this.queue.pause();
  }

  /** Takes runs again, if nothing else is against it. Harmless the second time. Nothing brings back a process that stops. */
  clear(obstacle: Exclude<Obstacle, 'stopping'>): void {
    if (!this.obstacles.delete(obstacle) || !this.isOpen) return;
    if (this.hasBegun) {
      this.queue.resume();
      return;
    }
    this.hasBegun = true;
    this.begin();
  }
}
