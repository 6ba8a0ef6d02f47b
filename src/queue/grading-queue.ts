/** Grades, or finds that there is nothing to do for, the run with this id. */
export type GradingHandler = (runId: string) => Promise<void>;

/**
 * Carries the ids of grading runs to whoever grades them. It is a bell, not a memory: what must be graded is in the
 * database, and the outbox rings again for a run that nobody took. So an adapter may lose or repeat an id, but it must not
 * do so as a habit, and it must never block those who publish.
 *
 * Every adapter promises:
 * - `publish` resolves once the queue has the id, without waiting for the grading. Publishing an id that still waits
 *   changes nothing. When the queue cannot be reached, `publish` rejects within a few seconds.
 * - An accepted id is given to a handler of some process at least once, in the order of publishing as far as one can
 *   speak of it. At most `concurrency` handlers of this process run at a time.
 * - A handler that rejects has had its turn: the queue does not repeat it (the outbox does), and goes on with the next.
 * - An id whose process dies in its handler may be given to another one; whoever it is must find out what there is to do.
 */
export abstract class GradingQueue {
  /** False: what waits is forgotten when the process ends, however it ends, and must be handed over again by the next. */
  abstract readonly outlivesProcess: boolean;

  /** @throws Error when the queue cannot be reached. */
  abstract publish(runId: string): Promise<void>;

  /** Starts to take ids. Called at most once; returns at once, also while the queue cannot be reached yet. */
  abstract consume(concurrency: number, handler: GradingHandler): void;

  /**
   * Takes no further id in this process until `resume`; handlers that run go on. Ids that wait, and those published meanwhile,
   * stay for other processes. Returns at once; harmless the second time, before `consume` and after `close`.
   */
  abstract pause(): void;

  /** Takes ids again. Harmless when nothing was paused. */
  abstract resume(): void;

  /**
   * Takes no further id, and resolves when all running handlers have ended, or after `graceMs`, whichever is first.
   * Harmless the second time. Ids that wait stay where they are.
   */
  abstract close(graceMs: number): Promise<void>;

  /**
   * How many accepted ids wait for a handler, over all processes.
   *
   * @throws Error when the queue cannot be reached.
   */
  abstract waiting(): Promise<number>;
}
