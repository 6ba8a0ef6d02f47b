import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import type { Repository } from 'typeorm';
import { AssignmentAccess, type VisibleAssignment } from '../assignments/assignment-access.js';
import { Assignment } from '../assignments/assignment.entity.js';
import { AuditLog } from '../audit/audit-log.js';
import type { Principal } from '../auth/principal.js';
import { rowLock } from '../database/row-lock.js';
import { Transactions } from '../database/transactions.js';
import { DomainError } from '../errors/domain-error.js';
import { withAnswer } from '../http/answer.js';
import { Idempotency } from '../http/idempotency.js';
import type { ListQueryDto } from '../http/list-query.dto.js';
import { findPage, mapPage } from '../http/page.js';
import { OutboxRelay } from '../queue/outbox-relay.js';
import { VerificationHeadDto } from './dto/verification-head.dto.js';
import type { VerificationPageDto } from './dto/verification-page.dto.js';
import { VerificationDto } from './dto/verification.dto.js';
import { ModelSubmission } from './model-submission.entity.js';
import { VerificationResults } from './verification-results.js';
import { VerificationStart } from './verification-start.js';
import { Verification } from './verification.entity.js';

const NOTHING = { status: 'passed', items: [] } as const;

/** Asks whether an assignment grades its model submissions as it should, and tells what came of it. For staff. */
@Injectable()
export class VerificationsService {
  constructor(
    @InjectRepository(Verification) private readonly verifications: Repository<Verification>,
    private readonly access: AssignmentAccess,
    private readonly starting: VerificationStart,
    private readonly results: VerificationResults,
    private readonly transactions: Transactions,
    private readonly relay: OutboxRelay,
    private readonly audit: AuditLog,
    private readonly idempotency: Idempotency,
  ) {}

  async verify(user: Principal, assignmentId: string): Promise<VerificationDto> {
    const { standing } = await this.getForStaff(user, assignmentId);
    const { body, runIds } = await this.transactions.run(async (manager) => {
      const assignment = await manager.findOneOrFail(Assignment, { where: { id: assignmentId }, ...rowLock(manager) });
      const models = await manager.find(ModelSubmission, { where: { assignmentId }, order: { path: 'ASC' } });
      if (models.length === 0) {
        throw new DomainError(
          'conflict',
          'no_model_submissions',
          'This assignment has no model submissions: they come with a package, when it is imported.',
        );
      }
      const verified = { assignment, course: standing.course, userId: user.userId };
      const started = await this.starting.start(manager, verified, models);
      await this.audit.record(manager, {
        actorId: user.userId,
        action: 'verification.created',
        targetType: 'verification',
        targetId: started.verification.id,
        courseId: assignment.courseId,
        detail: { assignmentId, gradingVersion: assignment.gradingVersion },
      });
      const result = (await this.results.of(manager, [started.verification])).get(started.verification.id) ?? NOTHING;
      const dto = VerificationDto.of(started.verification, result);
      const location = `/api/v1/verifications/${started.verification.id}`;
      await this.idempotency.complete(manager, { status: 202, body: dto, location });
      return { body: withAnswer(dto, { location }), runIds: started.runIds };
    });
    for (const runId of runIds) this.relay.ring(runId);
    return body;
  }

  async get(user: Principal, verificationId: string): Promise<VerificationDto> {
    const verification = await this.verifications.findOneBy({ id: verificationId });
    const visible = verification === null ? null : await this.access.findVisible(user, verification.assignmentId);
    if (verification === null || visible?.standing.isStaff !== true) throw DomainError.notFound('verification');
    const results = await this.results.of(this.verifications.manager, [verification]);
    return VerificationDto.of(verification, results.get(verification.id) ?? NOTHING);
  }

  /** The verifications of an assignment, newest first. */
  async list(user: Principal, assignmentId: string, query: ListQueryDto): Promise<VerificationPageDto> {
    await this.getForStaff(user, assignmentId);
    const select = this.verifications
      .createQueryBuilder('verification')
      .where('verification.assignmentId = :assignmentId', { assignmentId });
    const page = await findPage(select, 'verification', query);
    const results = await this.results.of(this.verifications.manager, page.items);
    return mapPage(page, (one) => VerificationHeadDto.headOf(one, results.get(one.id) ?? NOTHING));
  }

  private async getForStaff(user: Principal, assignmentId: string): Promise<VisibleAssignment> {
    const visible = await this.access.getVisible(user, assignmentId);
    if (visible.standing.isStaff) return visible;
    throw new DomainError('forbidden', 'staff_only', 'Only the staff of this course may do this.');
  }
}
