import { type RunEvent, statusEventId, terminalEventId, testEventId } from '../events/run-events.js';
import { isTerminal, type RunState } from '../grading/run-state.js';
import type { TestResult } from '../grading/test-result.js';
import type { PresentedTestResult } from '../grading/visibility.js';
import type { Verdict } from '../grading/verdict.js';
import { parseTestResult } from './parse-test-result.js';

/** What a watcher is told. */
export interface WatchedEvent {
  readonly id: number;
  readonly event: 'status' | 'test' | 'graded';
  readonly data: object;
}

/** A run as its rows tell it; `results` are there once it was graded, and may be where it failed. */
export interface RunSnapshot {
  readonly status: RunState;
  readonly startedAt: Date | null;
  readonly verdict: Verdict | null;
  readonly score: number | null;
  readonly maxScore: number | null;
  readonly results: readonly TestResult[];
}

/**
 * Puts together what happens in one grading run, from live events, which may be lost, doubled or early, and from rows, which
 * are complete but late, and tells each thing once and in order: `queued`, `running`, the tests, the end.
 *
 * A test is told when all tests before it were. What a lost event leaves open is told from the rows when the run has ended.
 * Tests that the viewer may not know of are left out and not counted, so that the ids give them away as little as the list.
 */
export class RunEventSequence {
  private readonly told: WatchedEvent[] = [];
  /** Live results by position, of tests that were not told yet. */
  private readonly waiting = new Map<number, TestResult>();
  private isRunning = false;
  private hasEnded = false;
  private nextPosition = 0;
  private listed = 0;

  /**
   * @param present the result as the viewer may see it; null where they may not know of it, who else number it
   * @param queue where the run stands, while it waits
   */
  constructor(
    readonly runNumber: number,
    private readonly present: (result: TestResult, number: number) => PresentedTestResult | null,
    queue: object | null = null,
  ) {
    this.tellQueued(queue);
  }

  get isOver(): boolean {
    return this.hasEnded;
  }

  /** No worker has begun, as far as is known here. */
  get isWaiting(): boolean {
    return !this.isRunning && !this.hasEnded;
  }

  /** Tells that it waits once more, under the same id, with where it stands now. */
  move(queue: object): void {
    if (this.isWaiting) this.tellQueued(queue);
  }

  /** Takes a live event; those of other runs, or that were told already, change nothing. */
  offer(event: RunEvent): void {
    if (event.runNumber !== this.runNumber || this.hasEnded) return;
    if (event.kind === 'status') {
      if (event.id === statusEventId(this.runNumber, 'running')) this.start();
      return;
    }
    // How a run ended is told from its rows alone: they are there before the event, and hold what may be missing.
    if (event.kind === 'graded') return;
    const position = event.id - testEventId(this.runNumber, 0);
    const result = parseTestResult(event.data);
    if (result === null || position < this.nextPosition || event.id >= terminalEventId(this.runNumber)) return;
    this.start();
    this.waiting.set(position, result);
    this.tellTests((next) => this.waiting.get(next));
  }

  /** Takes the rows of the run. */
  settle(run: RunSnapshot): void {
    if (this.hasEnded) return;
    if (run.startedAt !== null || run.results.length > 0) this.start();
    if (!isTerminal(run.status)) return;
    this.tellTests((next) => run.results[next]);
    const { status, verdict, score, maxScore } = run;
    this.tell({
      id: terminalEventId(this.runNumber),
      event: status === 'graded' ? 'graded' : 'status',
      data: { status, verdict, score, maxScore },
    });
    this.hasEnded = true;
  }

  /** What is to be told now, and was not taken before. */
  take(): WatchedEvent[] {
    return this.told.splice(0);
  }

  private tellQueued(queue: object | null): void {
    const data = { status: 'queued', ...(queue === null ? {} : { queue }) };
    this.tell({ id: statusEventId(this.runNumber, 'queued'), event: 'status', data });
  }

  private start(): void {
    if (this.isRunning) return;
    this.isRunning = true;
    this.tell({ id: statusEventId(this.runNumber, 'running'), event: 'status', data: { status: 'running' } });
  }

  private tellTests(resultAt: (position: number) => TestResult | undefined): void {
    for (let result = resultAt(this.nextPosition); result !== undefined; result = resultAt(this.nextPosition)) {
      this.waiting.delete(this.nextPosition);
      this.nextPosition += 1;
      const presented = this.present(result, this.listed + 1);
      if (presented === null) continue;
      const position = this.listed;
      this.listed += 1;
      this.tell({ id: testEventId(this.runNumber, position), event: 'test', data: { position, ...presented } });
    }
  }

  private tell(event: WatchedEvent): void {
    this.told.push(event);
  }
}
