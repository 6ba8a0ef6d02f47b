import { Column, Entity, Index, JoinColumn, ManyToOne, PrimaryColumn } from 'typeorm';
import { columnTypes } from '../database/column-types.js';
import type { GradingDocument } from '../grading/grading-document.js';
import { Assignment } from './assignment.entity.js';

/** One version of an assignment's grading document; never changes once made. */
@Entity('grading_versions')
@Index('grading_versions_assignment_number', ['assignmentId', 'number'], { unique: true })
export class GradingVersion {
  @PrimaryColumn(columnTypes.id)
  id: string;

  @Column(columnTypes.id)
  assignmentId: string;

  @ManyToOne(() => Assignment, { onDelete: 'RESTRICT', onUpdate: 'RESTRICT' })
  @JoinColumn({ name: 'assignmentId', foreignKeyConstraintName: 'fk_grading_versions_assignment' })
  assignment?: Assignment;

  /** 1, 2, 3, … within the assignment. */
  @Column(columnTypes.integer)
  number: number;

  /** As the instructor sent it: a JSON object. */
  @Column(columnTypes.json)
  source: object;

  /** The same, checked, with every default filled in: what graders use. */
  @Column(columnTypes.json)
  document: GradingDocument;

  @Column(columnTypes.points)
  maxPoints: number;

  @Column(columnTypes.id)
  createdById: string;

  @Column(columnTypes.instant)
  createdAt: Date;
}
