import { Column, Entity, Index, JoinColumn, ManyToOne, PrimaryColumn } from 'typeorm';
import { Assignment } from '../assignments/assignment.entity.js';
import { columnTypes, nullable } from '../database/column-types.js';
import { User } from '../users/user.entity.js';

/** Staff asked for submissions to be graded again; how far that is, the runs say that name it. */
@Entity('rejudges')
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
