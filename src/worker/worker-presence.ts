import { setTimeout as pause } from 'node:timers/promises';
import { Injectable, Logger } from '@nestjs/common';
import { Environment } from '../config/env.js';
import { ASSAY_VERSION } from '../config/version.js';
import { newId } from '../database/new-id.js';
import { type CheckResult, Readiness } from '../monitoring/readiness.js';
import { Services } from '../sandbox/services/services.js';
import { type NewWorker, type WorkerNews, WorkerRows } from '../workers/worker-rows.js';
import type { WorkerState, WorkerWish } from '../workers/worker-state.js';
import { GradeSubmission } from './grade-submission.js';
import { reportOf } from './report-of.js';
import type { SandboxState } from './sandbox-guard.js';
import { WORKER_NAME } from './worker-name.js';
import { WorkerPlace } from './worker-place.js';

/** How soon a worker does as it is told. */
const LOOK_EVERY_MS = 1_500;
/** How often it says that it lives, at least: three times before it is taken for lost. */
const TELL_EVERY_MS = 10_000;

/** What saying good-bye takes at most: the process has little time to stop. */
const LEAVE_WITHIN_MS = 2_000;

type Obey = (wish: WorkerWish) => void;

/**
 * Makes this worker known: tells what it does whenever that changes, and looks what administrators want of it. A database
 * that is away changes nothing: the last wish holds, and is looked for again.
 */
@Injectable()
export class WorkerPresence {
  private readonly logger = new Logger(WorkerPresence.name);
  private readonly worker: NewWorker;
  private obey: Obey = () => undefined;
  /** Null: it is not known yet what is wanted of this worker. */
  private wish: WorkerWish | null = null;
  private sandbox: Pick<WorkerNews, 'report' | 'reason'> & { readonly isUsable: boolean | null } = {
    isUsable: null,
    report: null,
    reason: null,
  };
  private told: WorkerNews | null = null;
  private toldAt = 0;
  private isStopping = false;
  private isAway = false;
  private timer: NodeJS.Timeout | undefined;
  private looking: Promise<void> = Promise.resolve();

  constructor(
    environment: Environment,
    private readonly rows: WorkerRows,
    private readonly gradeSubmission: GradeSubmission,
    private readonly readiness: Readiness,
    private readonly place: WorkerPlace,
    private readonly services: Services,
  ) {
    this.worker = {
      id: newId(),
      givenName: environment.workerName,
      leaseOwner: WORKER_NAME,
      version: ASSAY_VERSION,
      concurrency: environment.workerConcurrency,
    };
  }

  /** Calls `obey` with what is wanted of this worker, at first and whenever it changes. Returns at once. */
  start(obey: Obey): void {
    this.obey = obey;
    const check = { name: 'worker', isEssential: !this.place.besideApi, check: () => Promise.resolve(this.check()) };
    this.readiness.add(check);
    this.lookNow();
  }

  /** Tells what is known of the sandbox. Returns at once. */
  tell(state: SandboxState): void {
    reportOf(state, this.services)
      .then((report) => {
        this.sandbox = { isUsable: state.isUsable, report, reason: state.reason };
        return this.lookNow();
      })
      .catch((error: unknown) => this.logger.error({ err: error }, 'What this worker can do could not be reported'));
  }

  /** Tells that the process is about to end. Never rejects. */
  stopping(): void {
    this.isStopping = true;
    this.lookNow();
  }

  /** Is known no longer. Never rejects, nor waits for long: a worker that could not say so is taken for lost. */
  async leave(): Promise<void> {
    this.isStopping = true;
    clearTimeout(this.timer);
    const left = this.looking
      .then(() => this.rows.leave(this.worker.id, this.worker.givenName))
      .catch((error: unknown) => this.logger.debug({ err: error }, 'This worker could not say that it ends'));
    await Promise.race([left, pause(LEAVE_WITHIN_MS, undefined, { ref: false })]);
  }

  /** One look after the other; a further one at once after the present one. */
  private lookNow(): void {
    clearTimeout(this.timer);
    this.looking = this.lookAfter(this.looking);
  }

  private async lookAfter(former: Promise<void>): Promise<void> {
    await former;
    try {
      await this.look();
      this.isAway = false;
    } catch (error) {
      this.complain(error);
    }
    clearTimeout(this.timer);
    if (this.isStopping) return;
    this.timer = setTimeout(() => this.lookNow(), LOOK_EVERY_MS);
    this.timer.unref();
  }

  private async look(): Promise<void> {
    const wish = this.wish === null ? null : await this.rows.wishOf(this.worker.id);
    // Not known at first, nor after it was frozen for so long that it was forgotten.
    if (wish === null) {
      const news = this.news();
      this.follow(await this.rows.register(this.worker, news));
      this.remember(news);
    } else {
      this.follow(wish);
    }
    const news = this.news();
    if (!this.isDue(news)) return;
    await this.rows.report(this.worker.id, news, news.state !== this.told?.state);
    this.remember(news);
  }

  private follow(wish: WorkerWish): void {
    if (wish === this.wish) return;
    this.wish = wish;
    if (!this.isStopping) this.obey(wish);
  }

  private news(): WorkerNews {
    const { report, reason } = this.sandbox;
    return { state: this.state(), report, reason };
  }

  private state(): WorkerState {
    if (this.isStopping) return 'stopping';
    const isBusy = this.gradeSubmission.count > 0;
    if (this.wish === 'drain') return isBusy ? 'draining' : 'drained';
    if (this.sandbox.isUsable === null) return 'starting';
    if (!this.sandbox.isUsable) return 'unready';
    if (this.wish === 'pause') return 'paused';
    return isBusy ? 'running' : 'idle';
  }

  private isDue({ state, reason, report }: WorkerNews): boolean {
    const { told } = this;
    if (told === null || performance.now() - this.toldAt >= TELL_EVERY_MS) return true;
    return state !== told.state || reason !== told.reason || report !== told.report;
  }

  private remember(news: WorkerNews): void {
    this.told = news;
    this.toldAt = performance.now();
  }

  private check(): CheckResult {
    if (this.wish === 'pause') return { isUp: true, detail: 'Paused by an administrator: takes no new submission.' };
    if (this.wish !== 'drain') return { isUp: true, detail: 'Nobody has paused this worker.' };
    return this.gradeSubmission.count > 0
      ? { isUp: false, detail: 'Drained by an administrator: ends what it grades.', failing: ['draining'] }
      : { isUp: false, detail: 'Drained by an administrator: may be stopped.', failing: ['drained'] };
  }

  /** Once for an outage, not once for each look. */
  private complain(error: unknown): void {
    if (this.isAway || this.isStopping) return;
    this.isAway = true;
    this.logger.warn({ err: error }, 'This worker can neither tell what it does nor be told what to do; it goes on');
  }
}
