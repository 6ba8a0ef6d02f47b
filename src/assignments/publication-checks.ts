import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { Assignment } from './assignment.entity.js';

/** An assignment as it will be when it is published. */
export type Publication = Pick<Assignment, 'id' | 'gradingVersion'>;

/** Refuses a publication with a DomainError. Reads within the transaction that publishes. */
export type PublicationCheck = (manager: EntityManager, publication: Publication) => Promise<void>;

/** Where parts that know more of an assignment say whether it may be published. */
@Injectable()
export class PublicationChecks {
  private readonly checks: PublicationCheck[] = [];

  add(check: PublicationCheck): void {
    this.checks.push(check);
  }

  /** @throws DomainError of the first check that refuses */
  async require(manager: EntityManager, publication: Publication): Promise<void> {
    for (const check of this.checks) await check(manager, publication);
  }
}
