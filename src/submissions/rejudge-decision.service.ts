import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager, In } from 'typeorm';
import { AuditLog } from '../audit/audit-log.js';
import type { Principal } from '../auth/principal.js';
import { databaseNow } from '../database/database-clock.js';
import { updateRows } from '../database/entity-rows.js';
import { rowLock } from '../database/row-lock.js';
import { Transactions } from '../database/transactions.js';
import { DomainError } from '../errors/domain-error.js';
import { RejudgeDto } from './dto/rejudge.dto.js';
import { GradingRun } from './grading-run.entity.js';
import { RejudgeAccess } from './rejudge-access.js';
import { countRuns } from './rejudge-counts.js';
import { RejudgeDriver } from './rejudge-driver.js';
import type { RejudgeStage } from './rejudge-stage.js';
import { Rejudge } from './rejudge.entity.js';

/** How long a caller waits for a large batch; what is left then goes on in the background. */
const WAIT_MS = 2_000;

type Decision = 'applied' | 'discarded';

const UNDER_WAY: Readonly<Record<Decision, RejudgeStage>> = { applied: 'applying', discarded: 'discarding' };

/**
 * Has the results of a dry run applied or discarded. The decision is one transaction; what it entails are as many as the batch
 * needs, which this call begins, and which a repetition of it, or any process that finds the batch left behind, goes on with.
 */
@Injectable()
export class RejudgeDecisionService {
  constructor(
    private readonly dataSource: DataSource,
    private readonly access: RejudgeAccess,
    private readonly transactions: Transactions,
    private readonly driver: RejudgeDriver,
    private readonly audit: AuditLog,
  ) {}

  /** Makes the new results those of the submissions that still show what they were compared with. */
  apply(user: Principal, rejudgeId: string): Promise<RejudgeDto> {
    return this.decide(user, rejudgeId, 'applied');
  }

  /** Ends what waits or is being graded, and drops all results. */
  discard(user: Principal, rejudgeId: string): Promise<RejudgeDto> {
    return this.decide(user, rejudgeId, 'discarded');
  }

  private async decide(user: Principal, rejudgeId: string, decision: Decision): Promise<RejudgeDto> {
    const { assignment } = await this.access.getVisible(user, rejudgeId);
    await this.transactions.run((manager) =>
      this.decideWithin(manager, user, { rejudgeId, courseId: assignment.courseId, decision }),
    );
    if (!(await this.driver.drive(rejudgeId, WAIT_MS))) this.driver.driveInBackground(rejudgeId);
    const { rejudge } = await this.access.getVisible(user, rejudgeId);
    return RejudgeDto.from(rejudge, await countRuns(this.dataSource.manager, rejudgeId));
  }

  /** Harmless where it was decided so already. */
  private async decideWithin(
    manager: EntityManager,
    user: Principal,
    {
      rejudgeId,
      courseId,
      decision,
    }: { readonly rejudgeId: string; readonly courseId: string; readonly decision: Decision },
  ): Promise<void> {
    const rejudge = await manager.findOneOrFail(Rejudge, { where: { id: rejudgeId }, ...rowLock(manager) });
    if (rejudge.stage === decision || rejudge.stage === UNDER_WAY[decision]) return;
    requireOpen(rejudge);
    if (decision === 'applied') await requireGraded(manager, rejudge);
    const now = await databaseNow(manager);
    await updateRows(
      manager,
      Rejudge,
      { id: rejudgeId },
      { stage: UNDER_WAY[decision], movedAt: now, decidedById: user.userId, decidedAt: now },
    );
    await this.audit.record(manager, {
      actorId: user.userId,
      action: `rejudge.${decision}`,
      targetType: 'rejudge',
      targetId: rejudgeId,
      courseId,
      detail: { assignmentId: rejudge.assignmentId, submissionId: rejudge.submissionId, total: rejudge.total },
    });
  }
}

function requireOpen({ mode, stage }: Rejudge): void {
  if (mode !== 'dry_run') {
    throw new DomainError(
      'conflict',
      'not_a_dry_run',
      'Its results replace the former ones by themselves: only a dry run is applied or discarded.',
    );
  }
  if (stage === 'applying' || stage === 'applied') {
    throw new DomainError('conflict', 'rejudge_applied', 'It was applied: grade again to change the results.');
  }
  if (stage === 'discarding' || stage === 'discarded') {
    throw new DomainError('conflict', 'rejudge_discarded', 'It was discarded: ask for another dry run.');
  }
}

async function requireGraded(manager: EntityManager, { id: rejudgeId, stage }: Rejudge): Promise<void> {
  const isGrading = await manager.existsBy(GradingRun, { rejudgeId, status: In(['queued', 'running']) });
  if (stage === 'made' && !isGrading) return;
  throw new DomainError(
    'conflict',
    'rejudge_not_ready',
    'Some of its submissions are still to be graded: wait until it is `ready`, or discard it.',
  );
}
