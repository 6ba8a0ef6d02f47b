/** Ids of one grading run's events lie in a block of their own, so that they rise over all runs of a submission. */
const IDS_PER_RUN = 1_000_000;

export type RunEventKind = 'status' | 'test' | 'graded';

/** Something that happened to a submission. The same facts are, or will be, in its rows: an event lost is no fact lost. */
export interface RunEvent {
  readonly submissionId: string;
  /** Number of the grading run within the submission, from 1. */
  readonly runNumber: number;
  /** Rises within a submission; made by the functions below, so that rows and live events agree on it. */
  readonly id: number;
  readonly kind: RunEventKind;
  /** `status`: `{status}`. `test`: the full test result with its position. `graded`: `{status, verdict, score, maxScore}`. */
  readonly data: Readonly<Record<string, unknown>>;
}

/** Id of the event that says `queued` (0) or `running` (1). */
export function statusEventId(runNumber: number, status: 'queued' | 'running'): number {
  return runNumber * IDS_PER_RUN + (status === 'queued' ? 0 : 1);
}

/** Id of the event of the test at a position (from 0). */
export function testEventId(runNumber: number, position: number): number {
  return runNumber * IDS_PER_RUN + 2 + position;
}

/** Id of a run's last event, whatever it ended as. */
export function terminalEventId(runNumber: number): number {
  return runNumber * IDS_PER_RUN + IDS_PER_RUN - 1;
}

/** The run that an event id is of. */
export function runNumberOfEvent(eventId: number): number {
  return Math.floor(eventId / IDS_PER_RUN);
}

/**
 * Carries what happens during grading from the worker to those who watch, in this process or through Redis. Best effort by
 * contract: whoever watches must also look at the rows, and does.
 */
export abstract class RunEvents {
  /** Resolves when the event was handed on, or dropped because nothing could take it; never rejects. */
  abstract publish(event: RunEvent): Promise<void>;

  /** Events of the submission's recent runs that are still remembered (an hour at most), in order of id. */
  abstract history(submissionId: string): Promise<readonly RunEvent[]>;

  /** Calls the listener for each later event, until the returned function is called. */
  abstract subscribe(submissionId: string, listener: (event: RunEvent) => void): Promise<() => void>;
}
