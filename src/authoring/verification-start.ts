import { Injectable } from '@nestjs/common';
import { type EntityManager, In } from 'typeorm';
import type { Assignment } from '../assignments/assignment.entity.js';
import { GradingVersions } from '../assignments/grading-versions.js';
import type { Course } from '../courses/course.entity.js';
import { databaseNow } from '../database/database-clock.js';
import { insertRows, updateRows } from '../database/entity-rows.js';
import { newId } from '../database/new-id.js';
import { rowLock } from '../database/row-lock.js';
import { DomainError } from '../errors/domain-error.js';
import type { GradingDocument } from '../grading/grading-document.js';
import { isLate } from '../grading/late-policy.js';
import { isTerminal } from '../grading/run-state.js';
import { runtimeAsked } from '../packages/model-submission.js';
import { Outbox } from '../queue/outbox.js';
import { admit } from '../submissions/admit.js';
import { attemptsOf } from '../submissions/attempts-of.js';
import { GradingRun } from '../submissions/grading-run.entity.js';
import { lockSubmitter } from '../submissions/lock-submitter.js';
import { queuedRun } from '../submissions/queued-run.js';
import { Submission } from '../submissions/submission.entity.js';
import { ModelSubmission } from './model-submission.entity.js';
import { VerificationItem } from './verification-item.entity.js';
import { Verification } from './verification.entity.js';

/** Whose assignment is verified, and for whom. */
export interface Verified {
  readonly assignment: Pick<Assignment, 'id' | 'courseId' | 'gradingVersion' | 'dueAt'>;
  readonly course: Pick<Course, 'gradingWeight'>;
  readonly userId: string;
}

/** A verification, and the runs that are to be handed to the queue after the commit. */
export interface Started {
  readonly verification: Verification;
  readonly runIds: readonly string[];
}

/** How a model submission can be graded: with a runtime, or not at all. */
type Admission = { readonly runtime: string } | { readonly refusal: string };

/**
 * Starts verifications. Each model submission is a submission like all others, with a new grading run for each verification, so
 * that it goes through the whole pipeline; it waits behind all that students wait for.
 */
@Injectable()
export class VerificationStart {
  constructor(
    private readonly versions: GradingVersions,
    private readonly outbox: Outbox,
  ) {}

  /**
   * In the caller's transaction, which has locked the assignment or made it.
   *
   * @throws DomainError `verification_in_progress`
   */
  async start(manager: EntityManager, verified: Verified, models: readonly ModelSubmission[]): Promise<Started> {
    const { assignment, userId } = verified;
    const { document } = await this.versions.get(assignment.id, assignment.gradingVersion, manager);
    const createdAt = await databaseNow(manager);
    const verification: Verification = {
      id: newId(),
      assignmentId: assignment.id,
      gradingVersion: assignment.gradingVersion,
      createdById: userId,
      createdAt,
    };
    await insertRows(manager, Verification, [verification]);
    const submissions = await presentSubmissions(manager, models);
    await lockSubmitter(manager, { userId }, assignment.courseId);
    const { latest } = await attemptsOf(manager, {
      assignmentId: assignment.id,
      courseId: assignment.courseId,
      studentId: userId,
      isCounted: false,
    });
    const runIds: string[] = [];
    for (const [index, model] of models.entries()) {
      const admission = admissionOf(document, model);
      const runId = 'runtime' in admission ? newId() : null;
      if (runId !== null && 'runtime' in admission) {
        const given = { verified, runId, runtime: admission.runtime, now: createdAt };
        const present = submissions.get(model.submissionId ?? '');
        if (present === undefined) await this.hand(manager, model, { ...given, attempt: latest + index + 1 });
        else await this.again(manager, present, given);
        runIds.push(runId);
      }
      const item = {
        id: newId(),
        verificationId: verification.id,
        modelSubmissionId: model.id,
        runId,
        refusal: 'refusal' in admission ? admission.refusal : null,
      };
      await insertRows(manager, VerificationItem, [item]);
    }
    return { verification, runIds };
  }

  /** The first time: the model becomes a submission. */
  private async hand(
    manager: EntityManager,
    model: ModelSubmission,
    { verified, runId, runtime, now, attempt }: Handed & { readonly attempt: number },
  ): Promise<void> {
    const { assignment, userId } = verified;
    const submission: Submission = {
      id: newId(),
      assignmentId: assignment.id,
      studentId: userId,
      attempt,
      counts: false,
      isModel: true,
      runtime,
      status: 'queued',
      verdict: null,
      score: null,
      maxScore: null,
      late: isLate(now, assignment.dueAt),
      gradingVersion: assignment.gradingVersion,
      filesKey: model.filesKey,
      fileCount: model.filePaths.length,
      byteCount: model.byteCount,
      submittedAt: now,
      startedAt: null,
      gradedAt: null,
      currentRunId: runId,
      overrideScore: null,
      supersededById: null,
      version: 1,
    };
    await insertRows(manager, Submission, [submission]);
    await updateRows(manager, ModelSubmission, { id: model.id }, { submissionId: submission.id });
    await this.queue(manager, submission.id, 1, { verified, runId, runtime, now });
  }

  /** Later: the submission gets another run. */
  private async again(manager: EntityManager, { id }: Submission, given: Handed): Promise<void> {
    const { gradingVersion } = given.verified.assignment;
    const last = await manager.maximum(GradingRun, 'number', { submissionId: id });
    await this.queue(manager, id, (last ?? 0) + 1, given);
    await updateRows(
      manager,
      Submission,
      { id },
      { status: 'queued', startedAt: null, gradingVersion, currentRunId: given.runId, runtime: given.runtime },
      ['version'],
    );
  }

  private async queue(
    manager: EntityManager,
    submissionId: string,
    number: number,
    { verified: { assignment, course, userId }, runId, now }: Handed,
  ): Promise<void> {
    const { courseId, gradingVersion } = assignment;
    await insertRows(manager, GradingRun, [
      queuedRun({ id: runId, submissionId, number, cause: 'verification', gradingVersion, createdAt: now }),
    ]);
    const place = { workClass: 'rejudge', courseId, studentId: userId, weight: course.gradingWeight } as const;
    await this.outbox.add(manager, runId, now, place);
  }
}

interface Handed {
  readonly verified: Verified;
  readonly runId: string;
  readonly runtime: string;
  readonly now: Date;
}

/** The submissions of models that were verified before, locked. @throws DomainError `verification_in_progress` */
async function presentSubmissions(
  manager: EntityManager,
  models: readonly ModelSubmission[],
): Promise<ReadonlyMap<string, Submission>> {
  const ids = models.flatMap(({ submissionId }) => submissionId ?? []);
  if (ids.length === 0) return new Map();
  const found = await manager.find(Submission, { where: { id: In(ids) }, ...rowLock(manager) });
  if (found.some(({ status }) => !isTerminal(status))) {
    throw new DomainError(
      'conflict',
      'verification_in_progress',
      'A verification of this assignment is under way: wait until it has ended.',
    );
  }
  return new Map(found.map((submission) => [submission.id, submission]));
}

function admissionOf(document: GradingDocument, { runtime, filePaths }: ModelSubmission): Admission {
  try {
    const asked = runtimeAsked(document.runtimes, runtime, filePaths);
    return { runtime: admit(document, { paths: filePaths, runtime: asked }) };
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    return {
      refusal: (error.errors ?? []).map(({ path, message }) => `${path} ${message}`).join('; ') || error.message,
    };
  }
}
