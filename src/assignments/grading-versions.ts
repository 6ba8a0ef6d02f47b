import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import type { EntityManager, Repository } from 'typeorm';
import { DomainError } from '../errors/domain-error.js';
import type { Assignment } from './assignment.entity.js';
import { GradingVersion } from './grading-version.entity.js';
import { GradingVersionCache, type GradingVersionKey } from './grading-version-cache.js';

/** Finds versions of grading documents. They never change, so that those in use are kept in memory. */
@Injectable()
export class GradingVersions {
  private readonly cache = new GradingVersionCache();

  constructor(@InjectRepository(GradingVersion) private readonly versions: Repository<GradingVersion>) {}

  /**
   * One version; what is returned is shared, and must not be changed.
   *
   * @param manager of the transaction that the caller is in, if any
   * @throws DomainError `not_found`
   */
  async get(
    assignmentId: string,
    number: number,
    manager: EntityManager = this.versions.manager,
  ): Promise<GradingVersion> {
    const cached = this.cache.get({ assignmentId, number });
    if (cached !== null) return cached;
    const found = await manager.findOneBy(GradingVersion, { assignmentId, number });
    if (found === null) throw DomainError.notFound('grading version');
    this.cache.add(found);
    return found;
  }

  /** The version that an assignment uses at present. */
  async forAssignment(
    assignment: Pick<Assignment, 'id' | 'gradingVersion'>,
    manager?: EntityManager,
  ): Promise<GradingVersion> {
    return this.get(assignment.id, assignment.gradingVersion, manager);
  }

  /**
   * The versions that several assignments use at present, in at most one statement.
   *
   * @returns by the assignment's id
   */
  async forAssignments(
    assignments: readonly Pick<Assignment, 'id' | 'gradingVersion'>[],
  ): Promise<ReadonlyMap<string, GradingVersion>> {
    const found = new Map<string, GradingVersion>();
    const missing: GradingVersionKey[] = [];
    for (const { id: assignmentId, gradingVersion: number } of assignments) {
      const cached = this.cache.get({ assignmentId, number });
      if (cached === null) missing.push({ assignmentId, number });
      else found.set(assignmentId, cached);
    }
    if (missing.length === 0) return found;
    for (const version of await this.versions.findBy(missing)) {
      this.cache.add(version);
      found.set(version.assignmentId, version);
    }
    return found;
  }
}
