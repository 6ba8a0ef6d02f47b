import { Logger } from '@nestjs/common';
import { type RunEvents, statusEventId, terminalEventId } from '../events/run-events.js';
import type { RunState } from '../grading/run-state.js';
import type { Verdict } from '../grading/verdict.js';
import type { ClaimedRun } from './claimed-run.js';

/** Tells those who watch a submission what became of its run, after the commit. Dry runs are nobody's news. */
export class RunNews {
  private readonly logger = new Logger(RunNews.name);

  constructor(private readonly events: RunEvents) {}

  /** A worker has begun. */
  begin(run: ClaimedRun): void {
    this.tell({ ...run, eventId: statusEventId(run.number, 'running'), kind: 'status', data: { status: 'running' } });
  }

  /** It has ended. */
  end(
    run: ClaimedRun,
    data: {
      readonly status: RunState;
      readonly verdict: Verdict;
      readonly score: number | null;
      readonly maxScore: number | null;
    },
  ): void {
    this.tell({ ...run, eventId: terminalEventId(run.number), kind: 'graded', data });
  }

  /** Whoever watches looks at the rows as well: nobody waits here for an event to arrive. */
  private tell({
    submissionId,
    number,
    eventId,
    kind,
    data,
    isTrial,
  }: Pick<ClaimedRun, 'submissionId' | 'number' | 'isTrial'> & {
    readonly eventId: number;
    readonly kind: 'status' | 'graded';
    readonly data: Readonly<Record<string, unknown>>;
  }): void {
    if (isTrial) return;
    this.events
      .publish({ submissionId, runNumber: number, id: eventId, kind, data })
      .catch((error: unknown) => this.logger.warn({ err: error, submissionId }, 'An event was not handed on'));
  }
}
