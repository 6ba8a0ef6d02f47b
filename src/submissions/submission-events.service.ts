import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import type { FastifyReply } from 'fastify';
import { In, MoreThanOrEqual, type Repository } from 'typeorm';
import { AccountStatus } from '../auth/account-status.js';
import type { Principal } from '../auth/principal.js';
import { databaseNow } from '../database/database-clock.js';
import { type RunEvent, RunEvents, runNumberOfEvent, statusEventId, terminalEventId } from '../events/run-events.js';
import { isTerminal } from '../grading/run-state.js';
import { EventStreams } from '../http/event-streams.js';
import { GradingRun } from './grading-run.entity.js';
import { PlaceNews } from './place-news.js';
import { RunEventSequence, type RunSnapshot, type WatchedEvent } from './run-event-sequence.js';
import { SubmissionAccess, type VisibleSubmission } from './submission-access.js';
import { SubmissionViewer } from './submission-viewer.js';
import { SubmissionWatch } from './submission-watch.js';
import { TestResult } from './test-result.entity.js';
import { type WaitEstimate, WaitEstimates } from './wait-estimates.js';
import { OFFICIAL_RUN } from './trial.js';
import { Wakeup } from './wakeup.js';

interface Watch {
  readonly submissionId: string;
  /** Of the submission's row, as it was read. */
  readonly version: number;
  /** The run that is told first. */
  readonly runNumber: number;
  /** The latest run. */
  readonly runId: string;
  /** What the watcher was told before; 0: nothing. */
  readonly lastEventId: number;
  readonly viewer: SubmissionViewer;
  /** Where the run stands, if it waits. */
  readonly queue: WaitEstimate | null;
}

interface RunWithResults extends RunSnapshot {
  readonly id: string;
  readonly number: number;
}

/** Tells those who watch a submission what happens to it, live, in order and completely. */
@Injectable()
export class SubmissionEventsService {
  constructor(
    @InjectRepository(GradingRun) private readonly runs: Repository<GradingRun>,
    @InjectRepository(TestResult) private readonly results: Repository<TestResult>,
    private readonly access: SubmissionAccess,
    private readonly accounts: AccountStatus,
    private readonly events: RunEvents,
    private readonly watch: SubmissionWatch,
    private readonly streams: EventStreams,
    private readonly waits: WaitEstimates,
  ) {}

  /**
   * Sends the events of the submission's present grading run, or, with `Last-Event-ID`, all that came after it, until that
   * run has ended. Answers 204, which ends the reconnecting of browsers, when there is nothing left to tell.
   */
  async stream(
    user: Principal,
    submissionId: string,
    lastEventIdHeader: string | undefined,
    reply: FastifyReply,
  ): Promise<void> {
    const visible = await this.access.getVisible(user, submissionId);
    const latest = await this.runs.findOneOrFail({
      where: { submissionId, ...OFFICIAL_RUN },
      order: { number: 'DESC' },
    });
    const lastEventId = parseLastEventId(lastEventIdHeader, latest.number);
    if (isTerminal(latest.status) && lastEventId >= terminalEventId(latest.number)) {
      await reply.status(204).send();
      return;
    }
    const viewer = await this.viewerOf(user, visible);
    const runNumber = lastEventId === 0 ? latest.number : runNumberOfEvent(lastEventId);
    const queue = latest.status === 'queued' && lastEventId === 0 ? await this.waits.find(latest.id) : null;
    const { version } = visible.submission;
    await this.streams.send(reply, user.userId, (signal) =>
      this.tell({ submissionId, version, runNumber, runId: latest.id, lastEventId, viewer, queue }, signal),
    );
  }

  private async *tell(watch: Watch, signal: AbortSignal): AsyncGenerator<WatchedEvent, void, undefined> {
    const { submissionId, lastEventId, viewer } = watch;
    const present: SubmissionViewer['present'] = (result, number) => viewer.present(result, number);
    const wakeup = new Wakeup(signal);
    const live: RunEvent[] = [];
    const endSubscription = await this.events.subscribe(submissionId, (event) => {
      live.push(event);
      wakeup.ring();
    });
    let mustLook = true;
    const endWatch = this.watch.add(submissionId, watch.version, () => {
      mustLook = true;
      wakeup.ring();
    });
    let { runId } = watch;
    const place = new PlaceNews(
      watch.queue,
      () => this.waits.find(runId),
      () => wakeup.ring(),
    );
    try {
      let sequence = new RunEventSequence(watch.runNumber, present, watch.queue);
      // Subscribed first: what happens from here on comes live, and what came before is in the history or in the rows.
      for (const event of await this.events.history(submissionId)) sequence.offer(event);
      while (!signal.aborted) {
        if (!(await viewer.mayWatch())) return;
        for (const event of live.splice(0)) {
          sequence.offer(event);
          if (event.kind === 'graded' || event.runNumber > sequence.runNumber) mustLook = true;
        }
        const looks = mustLook;
        // Before the query: a change that comes during it is looked at again.
        mustLook = false;
        const runs = looks ? await this.loadRuns(submissionId, sequence.runNumber) : [];
        for (const run of runs) {
          if (run.number > sequence.runNumber) {
            yield* since(lastEventId, sequence.take());
            sequence = new RunEventSequence(run.number, present);
            runId = run.id;
            for (const event of await this.events.history(submissionId)) sequence.offer(event);
          }
          sequence.settle(run);
        }
        yield* since(lastEventId, sequence.take());
        if (sequence.isOver) return;
        // A watcher that has heard more of the run than that it waits is not told so again: ids never fall.
        if (sequence.isWaiting && lastEventId <= statusEventId(sequence.runNumber, 'queued')) {
          const queue = await place.take();
          if (queue !== null) sequence.move(queue);
          yield* sequence.take();
        }
        if (live.length === 0 && !mustLook) await wakeup.wait();
      }
    } finally {
      place.stop();
      endWatch();
      endSubscription();
    }
  }

  /** The runs from a number on, oldest first; those that were graded, or failed half-way, with their results. Dry runs are not told of. */
  private async loadRuns(submissionId: string, from: number): Promise<RunWithResults[]> {
    const runs = await this.runs.find({
      where: { submissionId, number: MoreThanOrEqual(from), ...OFFICIAL_RUN },
      order: { number: 'ASC' },
    });
    const ended = runs.filter(({ status }) => status === 'graded' || status === 'failed').map(({ id }) => id);
    const results =
      ended.length === 0 ? [] : await this.results.find({ where: { runId: In(ended) }, order: { position: 'ASC' } });
    return runs.map(({ id, number, status, startedAt, verdict, score, maxScore }) => {
      return {
        id,
        number,
        status,
        startedAt,
        verdict,
        score,
        maxScore,
        results: results.filter(({ runId }) => runId === id),
      };
    });
  }

  private async viewerOf(user: Principal, visible: VisibleSubmission): Promise<SubmissionViewer> {
    const start = (await databaseNow(this.runs.manager)).getTime() - performance.now();
    const ask = async (): Promise<VisibleSubmission | null> => {
      const account = await this.accounts.find(user.userId);
      const asker = account === null ? null : { userId: user.userId, role: account.role };
      return asker === null ? null : this.access.findVisible(asker, visible.submission.id);
    };
    return new SubmissionViewer(visible, ask, () => new Date(start + performance.now()));
  }
}

function since(lastEventId: number, events: readonly WatchedEvent[]): readonly WatchedEvent[] {
  return events.filter(({ id }) => id > lastEventId);
}

/** What the header says, or 0 for anything that no stream of this submission can have sent: it then starts anew. */
function parseLastEventId(header: string | undefined, latestRun: number): number {
  if (header === undefined || !/^\d{1,15}$/.test(header)) return 0;
  const id = Number(header);
  return runNumberOfEvent(id) >= 1 && id <= terminalEventId(latestRun) ? id : 0;
}
