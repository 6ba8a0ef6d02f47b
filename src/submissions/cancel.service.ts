import { Injectable, Logger } from '@nestjs/common';
import { type EntityManager, In } from 'typeorm';
import { AuditLog } from '../audit/audit-log.js';
import type { Principal } from '../auth/principal.js';
import { databaseNow } from '../database/database-clock.js';
import { Transactions } from '../database/transactions.js';
import { DomainError } from '../errors/domain-error.js';
import { RunEvents, terminalEventId } from '../events/run-events.js';
import { Outbox } from '../queue/outbox.js';
import type { SubmissionDto } from './dto/submission.dto.js';
import { earlierResult } from './earlier-result.js';
import { GradingRun } from './grading-run.entity.js';
import { SubmissionAccess, type VisibleSubmission } from './submission-access.js';
import { Submission } from './submission.entity.js';
import { SubmissionsService } from './submissions.service.js';

/**
 * Cancels what waits or is being graded. The claim of the worker that grades it, if any, is void from then on: it stops at its
 * next look, and its result is refused.
 */
@Injectable()
export class CancelService {
  private readonly logger = new Logger(CancelService.name);

  constructor(
    private readonly access: SubmissionAccess,
    private readonly submissions: SubmissionsService,
    private readonly transactions: Transactions,
    private readonly outbox: Outbox,
    private readonly events: RunEvents,
    private readonly audit: AuditLog,
  ) {}

  async cancel(user: Principal, submissionId: string): Promise<SubmissionDto> {
    const visible = await this.access.getVisible(user, submissionId);
    const run = await this.transactions.run((manager) => this.cancelWithin(manager, user, visible));
    this.tell(run);
    return this.submissions.get(user, submissionId);
  }

  private async cancelWithin(
    manager: EntityManager,
    { userId }: Principal,
    { submission, assignment, viewer }: VisibleSubmission,
  ): Promise<GradingRun> {
    // Not the latest run: that may be one of a dry run, which has no say in what the submission shows.
    const { currentRunId } = await manager.findOneOrFail(Submission, {
      select: { id: true, currentRunId: true },
      where: { id: submission.id },
    });
    const run = await manager.findOneByOrFail(GradingRun, { id: currentRunId });
    if (run.cause === 'rejudge' && viewer !== 'staff') {
      throw new DomainError(
        'forbidden',
        'staff_only',
        'This submission is being graded again: only staff may stop that.',
      );
    }
    const finishedAt = await databaseNow(manager);
    const { affected } = await manager
      .createQueryBuilder()
      .update(GradingRun)
      .set({
        status: 'cancelled',
        leaseToken: () => `${manager.dataSource.driver.escape('leaseToken')} + 1`,
        leaseOwner: null,
        leaseExpiresAt: null,
        finishedAt,
      })
      .where({ id: run.id, status: In(['queued', 'running']) })
      .execute();
    if (affected !== 1) {
      throw new DomainError(
        'conflict',
        'already_finished',
        'Its grading has ended already: there is nothing to cancel.',
      );
    }
    const result = (await earlierResult(manager, run)) ?? { status: 'cancelled' as const, verdict: null, score: null };
    await manager
      .createQueryBuilder()
      .update(Submission)
      .set({ ...result, version: () => 'version + 1' })
      .where({ id: submission.id, currentRunId: run.id })
      .execute();
    await this.outbox.remove(manager, run.id);
    if (submission.studentId !== userId) {
      await this.audit.record(manager, {
        actorId: userId,
        action: 'submission.cancelled',
        targetType: 'submission',
        targetId: submission.id,
        courseId: assignment.courseId,
        detail: { runId: run.id },
      });
    }
    return run;
  }

  /** Watchers look at the rows as well: nobody waits here for an event to arrive. */
  private tell({ submissionId, number: runNumber }: GradingRun): void {
    const data = { status: 'cancelled', verdict: null, score: null, maxScore: null };
    this.events
      .publish({ submissionId, runNumber, id: terminalEventId(runNumber), kind: 'graded', data })
      .catch((error: unknown) => this.logger.warn({ err: error, submissionId }, 'An event was not handed on'));
  }
}
