import { Injectable, type OnModuleInit } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { type Publication, PublicationChecks } from '../assignments/publication-checks.js';
import { DomainError } from '../errors/domain-error.js';
import { ModelSubmission } from './model-submission.entity.js';
import { VerificationResults } from './verification-results.js';
import { Verification } from './verification.entity.js';

/** Lets an assignment with model submissions be published once they have proved its present grading. */
@Injectable()
export class ProofBeforePublication implements OnModuleInit {
  constructor(
    private readonly checks: PublicationChecks,
    private readonly results: VerificationResults,
  ) {}

  onModuleInit(): void {
    this.checks.add((manager, publication) => this.require(manager, publication));
  }

  /** @throws DomainError `not_proven` */
  private async require(manager: EntityManager, { id: assignmentId, gradingVersion }: Publication): Promise<void> {
    if (!(await manager.existsBy(ModelSubmission, { assignmentId }))) return;
    const verification = await manager.findOne(Verification, {
      where: { assignmentId, gradingVersion },
      order: { id: 'DESC' },
    });
    const result = verification === null ? null : (await this.results.of(manager, [verification])).get(verification.id);
    if (result?.status === 'passed') return;
    throw new DomainError(
      'conflict',
      'not_proven',
      `${reasonOf(result ?? null, gradingVersion)} Publish it all the same with ?unproven=true.`,
    );
  }
}

function reasonOf(
  result: { readonly status: string; readonly items: readonly { readonly isRight: boolean | null }[] } | null,
  version: number,
): string {
  if (result === null) {
    return `The model submissions have not been tried with version ${version} of the grading: ask for it with POST …/verify.`;
  }
  if (result.status === 'running') return 'The model submissions are still being graded: wait until that has ended.';
  const wrong = result.items.filter(({ isRight }) => isRight === false).length;
  return `${wrong} of ${result.items.length} model submissions are not graded as they should be: the verification says which.`;
}
