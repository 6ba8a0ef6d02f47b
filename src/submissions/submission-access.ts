import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import type { Repository } from 'typeorm';
import type { Assignment } from '../assignments/assignment.entity.js';
import type { Principal } from '../auth/principal.js';
import { Enrolment } from '../courses/enrolment.entity.js';
import { standingOf } from '../courses/standing.js';
import { DomainError } from '../errors/domain-error.js';
import type { Viewer } from '../grading/visibility.js';
import { Submission } from './submission.entity.js';

/** A submission that the user may see, and as whom. */
export interface VisibleSubmission {
  readonly submission: Submission;
  readonly assignment: Pick<Assignment, 'id' | 'courseId' | 'dueAt' | 'gradingVersion'>;
  readonly viewer: Viewer;
}

type SubmissionOfUser = Submission & { myEnrolment?: Enrolment | null };

/** Decides who sees a submission: whoever handed it in, and the staff of its course. Nobody else learns that it exists. */
@Injectable()
export class SubmissionAccess {
  constructor(@InjectRepository(Submission) private readonly submissions: Repository<Submission>) {}

  /** The submission, in one statement; null where it is not there or may not be seen. */
  async findVisible(user: Principal, submissionId: string): Promise<VisibleSubmission | null> {
    const submission: SubmissionOfUser | null = await this.submissions
      .createQueryBuilder('submission')
      // Not the whole assignment: its instructions may be long, and this is what clients poll.
      .select(['submission', 'assignment.id', 'assignment.courseId', 'assignment.dueAt', 'assignment.gradingVersion'])
      .innerJoin('submission.assignment', 'assignment')
      .addSelect(['course.id', 'course.status'])
      .innerJoin('assignment.course', 'course')
      .leftJoinAndMapOne(
        'submission.myEnrolment',
        Enrolment,
        'enrolment',
        'enrolment.courseId = course.id AND enrolment.userId = :userId',
        { userId: user.userId },
      )
      .where('submission.id = :submissionId', { submissionId })
      .getOne();
    const assignment = submission?.assignment;
    if (submission === null || assignment?.course === undefined) return null;
    const isStaff = standingOf(user, assignment.course, submission.myEnrolment ?? null)?.isStaff === true;
    // Model submissions are for staff, also where one of them prepared it who is none any more.
    if (!isStaff && (submission.studentId !== user.userId || submission.isModel)) return null;
    return { submission, assignment, viewer: isStaff ? 'staff' : 'student' };
  }

  /** @throws DomainError `not_found` where the submission is not there or may not be seen. */
  async getVisible(user: Principal, submissionId: string): Promise<VisibleSubmission> {
    const visible = await this.findVisible(user, submissionId);
    if (visible === null) throw DomainError.notFound('submission');
    return visible;
  }

  /** @throws DomainError `not_found`, or `forbidden` for whoever handed it in and is not of the course's staff. */
  async getForStaff(user: Principal, submissionId: string): Promise<VisibleSubmission> {
    const visible = await this.getVisible(user, submissionId);
    if (visible.viewer !== 'staff') {
      throw new DomainError('forbidden', 'staff_only', 'Only the staff of this course may do this.');
    }
    return visible;
  }
}
