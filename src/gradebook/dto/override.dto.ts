import type { ScoreOverride } from '../../submissions/score-override.entity.js';

/** A score that staff set in place of the computed one. */
export class OverrideDto {
  /**
   * Id of this entry.
   * @example "01a1f93b-a283-7197-87f1-4221b13d5ab0"
   */
  id: string;

  /**
   * Id of the submission.
   * @example "01a1f93b-a283-7197-87f1-4221b13d5ab1"
   */
  submissionId: string;

  /**
   * The score that was set.
   * @example 9.5
   */
  score: number;

  /**
   * Why.
   * @example "The second test was wrong about empty input."
   */
  reason: string;

  /**
   * Id of the user who set it.
   * @example "01a1f93b-a283-7197-87f1-4221b13d5ab2"
   */
  staffId: string;

  /**
   * When it was set.
   * @example "2026-09-16T09:00:00.000Z"
   */
  createdAt: Date;

  /**
   * When it was withdrawn; null: it was not, and counts unless a later one does.
   * @example null
   */
  withdrawnAt: Date | null;

  /**
   * Id of the user who withdrew it.
   * @example null
   */
  withdrawnById: string | null;

  static from({
    id,
    submissionId,
    score,
    reason,
    staffId,
    createdAt,
    withdrawnAt,
    withdrawnById,
  }: ScoreOverride): OverrideDto {
    return { id, submissionId, score, reason, staffId, createdAt, withdrawnAt, withdrawnById };
  }
}
