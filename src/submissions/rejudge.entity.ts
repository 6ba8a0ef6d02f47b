import { Column, Entity, Index, JoinColumn, ManyToOne, PrimaryColumn } from 'typeorm';
import { Assignment } from '../assignments/assignment.entity.js';
import { columnTypes, nullable, shortText } from '../database/column-types.js';
import { User } from '../users/user.entity.js';
import type { RejudgeFilter } from './rejudge-filter.js';
import type { RejudgeMode, RejudgeStage } from './rejudge-stage.js';

/** Staff asked for submissions to be graded again; how far that is, the runs say that name it. */
@Entity('rejudges')
@Index('rejudges_stage', ['stage', 'movedAt'])
export class Rejudge {
  @PrimaryColumn(columnTypes.id)
  id: string;

  @Index('rejudges_assignment')
  @Column(columnTypes.id)
  assignmentId: string;

  @ManyToOne(() => Assignment, { onDelete: 'RESTRICT', onUpdate: 'RESTRICT' })
  @JoinColumn({ name: 'assignmentId', foreignKeyConstraintName: 'fk_rejudges_assignment' })
  assignment?: Assignment;

  /** Null: all submissions to the assignment that were graded or had failed. */
  @Column(nullable(columnTypes.id))
  submissionId: string | null;

  /** The number of the grading version that the runs use. */
  @Column(columnTypes.integer)
  gradingVersion: number;

  /** Null, in rows of before there were dry runs: `apply`. */
  @Column(nullable(shortText(20)))
  mode: RejudgeMode | null;

  /** How far the batch itself is; null, in rows of before it was made in steps: `made`. */
  @Column(nullable(shortText(20)))
  stage: RejudgeStage | null;

  /** Which submissions were asked for; null: all that were graded or had failed. */
  @Column(nullable(columnTypes.json))
  filter: RejudgeFilter | null;

  /** While it is being made: the last submission that was looked at. */
  @Column(nullable(columnTypes.id))
  cursorId: string | null;

  /** When a process last moved it on, so that another one sees whether it was left behind. */
  @Column(nullable(columnTypes.instant))
  movedAt: Date | null;

  /** Who had a dry run applied or discarded, and when. */
  @Column(nullable(columnTypes.id))
  decidedById: string | null;

  @Column(nullable(columnTypes.instant))
  decidedAt: Date | null;

  /** How many runs it made. */
  @Column(columnTypes.integer)
  total: number;

  /** Submissions left out because they were waiting or being graded. */
  @Column(columnTypes.integer)
  skipped: number;

  @Index('rejudges_creator')
  @Column(columnTypes.id)
  createdById: string;

  @ManyToOne(() => User, { onDelete: 'RESTRICT', onUpdate: 'RESTRICT' })
  @JoinColumn({ name: 'createdById', foreignKeyConstraintName: 'fk_rejudges_creator' })
  createdBy?: User;

  @Column(columnTypes.instant)
  createdAt: Date;
}
