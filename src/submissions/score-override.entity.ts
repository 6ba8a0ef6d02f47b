import { Column, Entity, Index, JoinColumn, ManyToOne, PrimaryColumn } from 'typeorm';
import { columnTypes, nullable } from '../database/column-types.js';
import { User } from '../users/user.entity.js';
import { Submission } from './submission.entity.js';

/** A score set by staff, and why. Rows are only added; the newest that was not withdrawn counts. */
@Entity('score_overrides')
@Index('score_overrides_submission', ['submissionId', 'id'])
export class ScoreOverride {
  @PrimaryColumn(columnTypes.id)
  id: string;

  @Column(columnTypes.id)
  submissionId: string;

  @ManyToOne(() => Submission, { onDelete: 'RESTRICT', onUpdate: 'RESTRICT' })
  @JoinColumn({ name: 'submissionId', foreignKeyConstraintName: 'fk_score_overrides_submission' })
  submission?: Submission;

  @Column(columnTypes.points)
  score: number;

  @Column(columnTypes.longText)
  reason: string;

  @Index('score_overrides_staff')
  @Column(columnTypes.id)
  staffId: string;

  @ManyToOne(() => User, { onDelete: 'RESTRICT', onUpdate: 'RESTRICT' })
  @JoinColumn({ name: 'staffId', foreignKeyConstraintName: 'fk_score_overrides_staff' })
  staff?: User;

  @Column(columnTypes.instant)
  createdAt: Date;

  @Column(nullable(columnTypes.instant))
  withdrawnAt: Date | null;

  @Column(nullable(columnTypes.id))
  withdrawnById: string | null;
}
