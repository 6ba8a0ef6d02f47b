import { describe, expect, it } from 'vitest';
import {
  type GradebookAssignment,
  gradebookRow,
  type GradebookSubmission,
} from '../../../src/gradebook/gradebook-row.js';

const dueAt = new Date('2026-09-10T12:00:00Z');

function assignment(fields: Partial<GradebookAssignment> = {}): GradebookAssignment {
  return {
    id: 'one',
    slug: 'one',
    title: 'One',
    maxPoints: 10,
    dueAt: null,
    latePolicy: { kind: 'none' },
    countedAttempt: 'best',
    ...fields,
  };
}

function submission(attempt: number, fields: Partial<GradebookSubmission> = {}): GradebookSubmission {
  return {
    id: `submission ${attempt}`,
    assignmentId: 'one',
    studentId: 'student',
    attempt,
    score: 5,
    maxScore: 10,
    submittedAt: dueAt,
    overrideScore: null,
    ...fields,
  };
}

describe('gradebookRow', () => {
  it('has an empty cell where nothing counts', () => {
    const row = gradebookRow([assignment()], [submission(1, { score: null })]);
    expect(row.cells[0]).toMatchObject({
      submissionId: null,
      score: null,
      maxScore: 10,
      late: false,
      overridden: false,
    });
    expect(row.total).toEqual({ score: 0, maxScore: 10 });
  });

  it('puts each submission under its assignment', () => {
    const row = gradebookRow(
      [assignment(), assignment({ id: 'two' }), assignment({ id: 'three' })],
      [submission(1, { assignmentId: 'two', score: 2 }), submission(1, { score: 1 })],
    );
    expect(row.cells.map(({ assignmentId, score }) => [assignmentId, score])).toEqual([
      ['one', 1],
      ['two', 2],
      ['three', null],
    ]);
    expect(row.total).toEqual({ score: 3, maxScore: 30 });
  });

  it('measures a score by the points of the version that it was graded by', () => {
    const row = gradebookRow([assignment({ maxPoints: 20 })], [submission(1, { maxScore: 10 })]);
    expect(row.total).toEqual({ score: 5, maxScore: 10 });
  });

  it('lets an override count before the late policy, and choose the best by it', () => {
    const late = assignment({ dueAt, latePolicy: { kind: 'percent', perDay: 50, max: 100 } });
    const afterwards = new Date(dueAt.getTime() + 1);
    const row = gradebookRow(
      [late],
      [
        submission(1, { score: 8, submittedAt: afterwards }),
        submission(2, { score: 10, submittedAt: afterwards, overrideScore: 4.5 }),
        submission(3, { score: 8, submittedAt: afterwards }),
      ],
    );
    expect(row.cells[0]).toMatchObject({ attempt: 2, score: 4.5, computedScore: 10, overridden: true, late: true });
  });

  it('takes an override of nought for a score', () => {
    const row = gradebookRow(
      [assignment({ countedAttempt: 'latest' })],
      [submission(1), submission(2, { overrideScore: 0 })],
    );
    expect(row.cells[0]).toMatchObject({ attempt: 2, score: 0 });
  });
});
