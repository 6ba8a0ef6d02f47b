import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { In, IsNull, Not, type Repository } from 'typeorm';
import { Assignment } from '../assignments/assignment.entity.js';
import { Submission } from '../submissions/submission.entity.js';
import {
  type GradebookAssignment,
  gradebookRow,
  type GradebookRow,
  type GradebookSubmission,
} from './gradebook-row.js';

/** Reads what gradebooks are made of, in one statement each, however many students and assignments there are. */
@Injectable()
export class GradebookRows {
  constructor(
    @InjectRepository(Assignment) private readonly assignments: Repository<Assignment>,
    @InjectRepository(Submission) private readonly submissions: Repository<Submission>,
  ) {}

  /** The published assignments of a course, oldest first: its columns. */
  columnsOf(courseId: string): Promise<GradebookAssignment[]> {
    return this.assignments.find({
      select: {
        id: true,
        slug: true,
        title: true,
        maxPoints: true,
        dueAt: true,
        latePolicy: true,
        countedAttempt: true,
      },
      where: { courseId, status: 'published' },
      order: { id: 'ASC' },
    });
  }

  /** The rows of some students, in their order. */
  async rowsOf(
    studentIds: readonly string[],
    assignments: readonly GradebookAssignment[],
  ): Promise<readonly GradebookRow[]> {
    const byStudent = new Map(studentIds.map((studentId): [string, GradebookSubmission[]] => [studentId, []]));
    for (const submission of await this.scoredSubmissions(studentIds, assignments)) {
      byStudent.get(submission.studentId)?.push(submission);
    }
    return [...byStudent.values()].map((submissions) => gradebookRow(assignments, submissions));
  }

  private async scoredSubmissions(
    studentIds: readonly string[],
    assignments: readonly GradebookAssignment[],
  ): Promise<GradebookSubmission[]> {
    if (studentIds.length === 0 || assignments.length === 0) return [];
    const counting = { assignmentId: In(assignments.map(({ id }) => id)), studentId: In(studentIds), counts: true };
    return this.submissions.find({
      select: {
        id: true,
        assignmentId: true,
        studentId: true,
        attempt: true,
        score: true,
        maxScore: true,
        submittedAt: true,
        overrideScore: true,
      },
      where: [
        { ...counting, score: Not(IsNull()) },
        { ...counting, overrideScore: Not(IsNull()) },
      ],
    });
  }
}
