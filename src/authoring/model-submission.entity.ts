import { Column, Entity, Index, JoinColumn, ManyToOne, PrimaryColumn } from 'typeorm';
import { Assignment } from '../assignments/assignment.entity.js';
import { columnTypes, nullable, shortText } from '../database/column-types.js';
import type { Verdict } from '../grading/verdict.js';

/** A solution that came with an assignment's package, and what it must get. Never changes; students never see it. */
@Entity('model_submissions')
@Index('model_submissions_path', ['assignmentId', 'path'], { unique: true })
export class ModelSubmission {
  @PrimaryColumn(columnTypes.id)
  id: string;

  @Column(columnTypes.id)
  assignmentId: string;

  @ManyToOne(() => Assignment, { onDelete: 'RESTRICT', onUpdate: 'RESTRICT' })
  @JoinColumn({ name: 'assignmentId', foreignKeyConstraintName: 'fk_model_submissions_assignment' })
  assignment?: Assignment;

  /** As in the package, such as `accepted/one-loop`. */
  @Column(shortText())
  path: string;

  /** Null: the only runtime of the assignment. */
  @Column(nullable(shortText(40)))
  runtime: string | null;

  /** Any of these is right; null: all are. */
  @Column(nullable(columnTypes.json))
  verdicts: readonly Verdict[] | null;

  /** Null, as the next: no score is asked for. */
  @Column(nullable(columnTypes.points))
  leastScore: number | null;

  @Column(nullable(columnTypes.points))
  mostScore: number | null;

  /** More than no points and fewer than all. */
  @Column(columnTypes.boolean)
  isPartial: boolean;

  /** Key of the files in the storage. */
  @Column(shortText())
  filesKey: string;

  @Column(columnTypes.json)
  filePaths: readonly string[];

  @Column(columnTypes.integer)
  byteCount: number;

  /** The submission as which it is graded; null until the first verification. */
  @Column(nullable(columnTypes.id))
  submissionId: string | null;

  @Column(columnTypes.instant)
  createdAt: Date;
}
