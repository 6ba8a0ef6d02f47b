import { GradingQueue } from '../../src/queue/grading-queue.js';

/** A queue whose runs wait until the test lets a worker take one. Publishing what waits already changes nothing. */
export class WaitingQueue extends GradingQueue {
  readonly outlivesProcess = true;
  readonly ids: string[] = [];

  publish(runId: string): Promise<void> {
    if (!this.ids.includes(runId)) this.ids.push(runId);
    return Promise.resolve();
  }

  consume(): void {}

  pause(): void {}

  resume(): void {}

  close(): Promise<void> {
    return Promise.resolve();
  }

  waiting(): Promise<number> {
    return Promise.resolve(this.ids.length);
  }
}
