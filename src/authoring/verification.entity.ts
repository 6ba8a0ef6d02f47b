import { Column, Entity, Index, JoinColumn, ManyToOne, PrimaryColumn } from 'typeorm';
import { Assignment } from '../assignments/assignment.entity.js';
import { columnTypes } from '../database/column-types.js';
import { User } from '../users/user.entity.js';

/** Staff asked whether an assignment grades its model submissions as it should. What came of it, the runs say. */
@Entity('verifications')
@Index('verifications_assignment', ['assignmentId', 'id'])
export class Verification {
  @PrimaryColumn(columnTypes.id)
  id: string;

  @Column(columnTypes.id)
  assignmentId: string;

  @ManyToOne(() => Assignment, { onDelete: 'RESTRICT', onUpdate: 'RESTRICT' })
  @JoinColumn({ name: 'assignmentId', foreignKeyConstraintName: 'fk_verifications_assignment' })
  assignment?: Assignment;

  /** The number of the grading version that its runs use. */
  @Column(columnTypes.integer)
  gradingVersion: number;

  @Index('verifications_creator')
  @Column(columnTypes.id)
  createdById: string;

  @ManyToOne(() => User, { onDelete: 'RESTRICT', onUpdate: 'RESTRICT' })
  @JoinColumn({ name: 'createdById', foreignKeyConstraintName: 'fk_verifications_creator' })
  createdBy?: User;

  @Column(columnTypes.instant)
  createdAt: Date;
}
