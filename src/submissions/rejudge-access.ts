import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import type { Repository } from 'typeorm';
import { AssignmentAccess } from '../assignments/assignment-access.js';
import type { Assignment } from '../assignments/assignment.entity.js';
import type { Principal } from '../auth/principal.js';
import { DomainError } from '../errors/domain-error.js';
import { Rejudge } from './rejudge.entity.js';

export interface VisibleRejudge {
  readonly rejudge: Rejudge;
  readonly assignment: Assignment;
}

/** Decides who sees a rejudge: the staff of its course. Nobody else learns that it exists. */
@Injectable()
export class RejudgeAccess {
  constructor(
    @InjectRepository(Rejudge) private readonly rejudges: Repository<Rejudge>,
    private readonly assignments: AssignmentAccess,
  ) {}

  /** @throws DomainError `not_found` */
  async getVisible(user: Principal, rejudgeId: string): Promise<VisibleRejudge> {
    const rejudge = await this.rejudges.findOneBy({ id: rejudgeId });
    const visible = rejudge === null ? null : await this.assignments.findVisible(user, rejudge.assignmentId);
    if (rejudge === null || visible?.standing.isStaff !== true) throw DomainError.notFound('rejudge');
    return { rejudge, assignment: visible.assignment };
  }

  /** The assignment whose rejudges they may see and make. @throws DomainError `not_found`, or `forbidden` for its students */
  async getStaffAssignment(user: Principal, assignmentId: string): Promise<Assignment> {
    const { assignment, standing } = await this.assignments.getVisible(user, assignmentId);
    if (!standing.isStaff) {
      throw new DomainError('forbidden', 'staff_only', 'Only the staff of this course may do this.');
    }
    return assignment;
  }
}
