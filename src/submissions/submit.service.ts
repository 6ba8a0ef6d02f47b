import { Injectable, Logger } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { AssignmentAccess, type VisibleAssignment } from '../assignments/assignment-access.js';
import { GradingVersions } from '../assignments/grading-versions.js';
import type { Principal } from '../auth/principal.js';
import { insertRows } from '../database/entity-rows.js';
import { newId } from '../database/new-id.js';
import { Transactions } from '../database/transactions.js';
import { DomainError } from '../errors/domain-error.js';
import { isLate } from '../grading/late-policy.js';
import { withAnswer } from '../http/answer.js';
import { Idempotency } from '../http/idempotency.js';
import { WayForRequests } from '../queue/way-for-requests.js';
import { FileStorage } from '../storage/file-storage.js';
import { admit } from './admit.js';
import { attemptsOf } from './attempts-of.js';
import type { SubmitDto, SubmittedFileDto } from './dto/submit.dto.js';
import { SubmissionDto } from './dto/submission.dto.js';
import { filesKeyOf } from './files-key.js';
import { FreshFiles } from './fresh-files.js';
import { GradingRun } from './grading-run.entity.js';
import { requireMayHandIn } from './hand-in-window.js';
import { lockSubmitter } from './lock-submitter.js';
import { MemoryBudget } from './memory-budget.js';
import { SubmissionQuotas } from './quotas.js';
import { queuedRun } from './queued-run.js';
import { mostBytesOf, readSubmittedFiles, type SentFile } from './read-submitted-files.js';
import { packArchive, type SubmissionFile } from './submission-archive.js';
import { SubmissionLine, type SupersededRun } from './submission-line.js';
import { Submission } from './submission.entity.js';

/** Work that was checked and stored, on its way to becoming a submission. */
interface Work {
  readonly submissionId: string;
  readonly runId: string;
  readonly filesKey: string;
  readonly files: readonly SubmissionFile[];
  readonly runtime: string;
  /** The version of the grading document that the work was checked against. */
  readonly gradingVersion: number;
}

function sentFile({ path, content, encoding = 'utf8' }: SubmittedFileDto): SentFile {
  return { path, content, encoding };
}

/** The grading document was changed between the check and the transaction. */
class GradingChanged extends Error {}

const MOST_CHECKS = 5;

const MIB = 1024 * 1024;
/** Files are held as they came, unpacked, while they are copied, and as the archive that is stored. */
const COPIES = 4;

/**
 * Takes work in. Files first, then one transaction for everything else: a crash in between leaves files that nobody refers
 * to, never a submission without files. Once the transaction has committed, the submission cannot be lost.
 */
@Injectable()
export class SubmitService {
  private readonly logger = new Logger(SubmitService.name);
  private readonly memory = new MemoryBudget({ bytes: 512 * MIB, freeBytes: 8 * MIB, mostWaiting: 100 });

  constructor(
    private readonly assignments: AssignmentAccess,
    private readonly gradingVersions: GradingVersions,
    private readonly storage: FileStorage,
    private readonly transactions: Transactions,
    private readonly line: SubmissionLine,
    private readonly quotas: SubmissionQuotas,
    private readonly idempotency: Idempotency,
    private readonly freshFiles: FreshFiles,
    private readonly way: WayForRequests,
  ) {}

  async submit(user: Principal, assignmentId: string, dto: SubmitDto): Promise<SubmissionDto> {
    const visible = await this.assignments.getVisible(user, assignmentId);
    return this.memory.run(COPIES * mostBytesOf(dto.files.map(sentFile)), () =>
      this.way.during(() => this.takeIn(user, assignmentId, dto, visible)),
    );
  }

  private async takeIn(
    user: Principal,
    assignmentId: string,
    dto: SubmitDto,
    visible: VisibleAssignment,
  ): Promise<SubmissionDto> {
    const files = await readSubmittedFiles(dto.files.map(sentFile));
    const submissionId = newId();
    const filesKey = filesKeyOf(submissionId);
    const asked = { paths: files.map(({ path }) => path), runtime: dto.runtime ?? null };
    const identity = { submissionId, runId: newId(), filesKey, files };

    let isStored = false;
    let { assignment } = visible;
    for (let check = 1; ; check += 1) {
      const { gradingVersion } = assignment;
      try {
        const { document } = await this.gradingVersions.get(assignmentId, gradingVersion);
        const work: Work = { ...identity, runtime: admit(document, asked), gradingVersion };
        if (!isStored) await this.storage.put(filesKey, await packArchive(files));
        isStored = true;
        const { body, superseded } = await this.transactions.run((manager) =>
          this.accept(manager, user, visible, work),
        );
        this.freshFiles.offer(filesKey, files);
        this.line.announce(work.runId, superseded);
        return body;
      } catch (error) {
        if (error instanceof GradingChanged && check < MOST_CHECKS) {
          ({ assignment } = await this.assignments.getVisible(user, assignmentId));
          continue;
        }
        // Only after a refusal is it sure that nothing was committed: a connection that breaks during the commit tells nothing.
        if (isStored && (error instanceof DomainError || error instanceof GradingChanged)) await this.discard(filesKey);
        throw error instanceof GradingChanged ? changingTooFast() : error;
      }
    }
  }

  /** Everything that must hold at one moment, and all rows, in one transaction. Nothing but SQL: it may run twice. */
  private async accept(
    manager: EntityManager,
    user: Principal,
    { assignment: { id: assignmentId, courseId } }: VisibleAssignment,
    work: Work,
  ): Promise<{ readonly body: SubmissionDto; readonly superseded: readonly SupersededRun[] }> {
    await lockSubmitter(manager, user, courseId);
    const { assignment, standing } = await this.assignments.getVisible(user, assignmentId, manager);
    if (assignment.gradingVersion !== work.gradingVersion) throw new GradingChanged();
    const { isStaff } = standing;
    const { course } = standing;
    const whose = { assignmentId, courseId, studentId: user.userId };
    // First, so that what is cancelled here counts neither as an attempt nor as pending.
    const superseded =
      isStaff || !assignment.supersedes ? [] : await this.line.supersede(manager, { ...whose, id: work.submissionId });
    const isCounted = !isStaff && assignment.maxAttempts !== null;
    const recentFrom = isStaff ? {} : { recentFrom: this.quotas.recentFrom() };
    const before = await attemptsOf(manager, { ...whose, isCounted, ...recentFrom });
    const { now, latest, used, pending } = before;
    const byteCount = work.files.reduce((sum, { content }) => sum + content.length, 0);
    if (!isStaff) {
      requireMayHandIn({ assignment, courseStatus: course.status, now, attemptsUsed: used });
      this.line.requireRoom(pending);
      await this.quotas.requireRoom(manager, { ...before, studentId: user.userId, newBytes: byteCount });
    }

    const { runId, gradingVersion } = work;
    const submission: Submission = {
      id: work.submissionId,
      assignmentId,
      studentId: user.userId,
      attempt: latest + 1,
      counts: !isStaff,
      isModel: false,
      runtime: work.runtime,
      status: 'queued',
      verdict: null,
      score: null,
      maxScore: null,
      late: isLate(now, assignment.dueAt),
      gradingVersion,
      filesKey: work.filesKey,
      fileCount: work.files.length,
      byteCount,
      submittedAt: now,
      startedAt: null,
      gradedAt: null,
      currentRunId: runId,
      overrideScore: null,
      supersededById: null,
      version: 1,
    };
    await insertRows(manager, Submission, [submission]);
    await insertRows(manager, GradingRun, [
      queuedRun({ id: runId, submissionId: submission.id, number: 1, gradingVersion, createdAt: now }),
    ]);
    // What staff try is always for somebody who waits.
    const workClass = submission.late && !isStaff ? 'late' : 'interactive';
    const weight = course.gradingWeight;
    await this.line.join(manager, runId, now, { workClass, courseId, studentId: user.userId, weight });
    const body = SubmissionDto.from(submission);
    const location = `/api/v1/submissions/${submission.id}`;
    await this.idempotency.complete(manager, { status: 202, body, location });
    return { body: withAnswer(body, { location }), superseded };
  }

  private async discard(filesKey: string): Promise<void> {
    try {
      await this.storage.delete(filesKey);
    } catch (error) {
      this.logger.warn({ err: error, filesKey }, 'The files of a refused submission could not be removed');
    }
  }
}

function changingTooFast(): DomainError {
  return new DomainError(
    'conflict',
    'edited_meanwhile',
    'This assignment is being changed. Hand in again in a moment.',
    {
      retryAfterSeconds: 1,
    },
  );
}
