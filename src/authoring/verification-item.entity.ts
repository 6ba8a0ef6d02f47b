import { Column, Entity, Index, JoinColumn, ManyToOne, PrimaryColumn } from 'typeorm';
import { columnTypes, nullable } from '../database/column-types.js';
import { ModelSubmission } from './model-submission.entity.js';
import { Verification } from './verification.entity.js';

/** One model submission in one verification. */
@Entity('verification_items')
@Index('verification_items_model', ['verificationId', 'modelSubmissionId'], { unique: true })
export class VerificationItem {
  @PrimaryColumn(columnTypes.id)
  id: string;

  @Column(columnTypes.id)
  verificationId: string;

  @ManyToOne(() => Verification, { onDelete: 'RESTRICT', onUpdate: 'RESTRICT' })
  @JoinColumn({ name: 'verificationId', foreignKeyConstraintName: 'fk_verification_items_verification' })
  verification?: Verification;

  @Index('verification_items_submission')
  @Column(columnTypes.id)
  modelSubmissionId: string;

  @ManyToOne(() => ModelSubmission, { onDelete: 'RESTRICT', onUpdate: 'RESTRICT' })
  @JoinColumn({ name: 'modelSubmissionId', foreignKeyConstraintName: 'fk_verification_items_submission' })
  modelSubmission?: ModelSubmission;

  /** The grading run; null where it was refused. */
  @Column(nullable(columnTypes.id))
  runId: string | null;

  /** Why it could not be handed in at all. */
  @Column(nullable(columnTypes.longText))
  refusal: string | null;
}
