import { Column, Entity, Index, JoinColumn, ManyToOne, PrimaryColumn } from 'typeorm';
import { Assignment } from '../assignments/assignment.entity.js';
import { columnTypes, nullable, shortText } from '../database/column-types.js';
import type { RunState } from '../grading/run-state.js';
import type { Verdict } from '../grading/verdict.js';
import { User } from '../users/user.entity.js';

/**
 * What a student handed in. The work itself never changes; status, verdict and score mirror the grading run that counts.
 */
@Entity('submissions')
@Index('submissions_attempt', ['assignmentId', 'studentId', 'attempt'], { unique: true })
@Index('submissions_assignment', ['assignmentId', 'id'])
// Holds all that quotas are counted from.
@Index('submissions_quota', ['studentId', 'id', 'byteCount'])
export class Submission {
  @PrimaryColumn(columnTypes.id)
  id: string;

  @Column(columnTypes.id)
  assignmentId: string;

  @ManyToOne(() => Assignment, { onDelete: 'RESTRICT', onUpdate: 'RESTRICT' })
  @JoinColumn({ name: 'assignmentId', foreignKeyConstraintName: 'fk_submissions_assignment' })
  assignment?: Assignment;

  @Column(columnTypes.id)
  studentId: string;

  @ManyToOne(() => User, { onDelete: 'RESTRICT', onUpdate: 'RESTRICT' })
  @JoinColumn({ name: 'studentId', foreignKeyConstraintName: 'fk_submissions_student' })
  student?: User;

  /** 1, 2, 3, … of this student on this assignment. */
  @Column(columnTypes.integer)
  attempt: number;

  /** False for what staff submit to try an assignment: it counts in no gradebook. */
  @Column(columnTypes.boolean)
  counts: boolean;

  /** True for a model submission of a package, which nobody handed in: lists, rejudges and students leave it out. */
  @Column({ ...columnTypes.boolean, default: false })
  isModel: boolean;

  @Column(shortText(40))
  runtime: string;

  @Column(shortText(20))
  status: RunState;

  @Column(nullable(shortText(40)))
  verdict: Verdict | null;

  @Column(nullable(columnTypes.points))
  score: number | null;

  @Column(nullable(columnTypes.points))
  maxScore: number | null;

  /** Received after `dueAt`, by the database's clock. */
  @Column(columnTypes.boolean)
  late: boolean;

  @Column(columnTypes.integer)
  gradingVersion: number;

  /** Key of the files in the storage, and how much they hold. */
  @Column(shortText())
  filesKey: string;

  @Column(columnTypes.integer)
  fileCount: number;

  @Column(columnTypes.integer)
  byteCount: number;

  /** By the database's clock, as are the next two. */
  @Column(columnTypes.instant)
  submittedAt: Date;

  @Column(nullable(columnTypes.instant))
  startedAt: Date | null;

  @Column(nullable(columnTypes.instant))
  gradedAt: Date | null;

  /** The grading run whose result counts, or is awaited. */
  @Column(columnTypes.id)
  currentRunId: string;

  /** Score set by staff in place of the computed one, which stays in `score`; the reason is in `score_overrides`. */
  @Column(nullable(columnTypes.points))
  overrideScore: number | null;

  /** The newer one of the same student because of which this one was cancelled while it waited. */
  @Column(nullable(columnTypes.id))
  supersededById: string | null;

  @Column(columnTypes.integer)
  version: number;
}
