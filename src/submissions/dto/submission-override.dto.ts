import type { ScoreOverride } from '../score-override.entity.js';

/** A score that staff set in place of the computed one. */
export class SubmissionOverrideDto {
  /**
   * The score that counts instead of the computed one.
   * @example 8.5
   */
  score: number;

  /**
   * Why.
   * @example "The third test was wrong for negative numbers."
   */
  reason: string;

  /**
   * When it was set.
   * @example "2026-09-14T12:30:00.000Z"
   */
  createdAt: Date;

  static from({ score, reason, createdAt }: ScoreOverride): SubmissionOverrideDto {
    return { score, reason, createdAt };
  }
}
