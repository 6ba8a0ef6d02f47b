/** Handing in late costs nothing. */
export class NoLatePolicyDto {
  /**
   * The kind of this policy.
   * @example "none"
   */
  kind: 'none';
}

/** Handing in late costs a part of the score for each day begun. */
export class PercentLatePolicyDto {
  /**
   * The kind of this policy.
   * @example "percent"
   */
  kind: 'percent';

  /**
   * Percent of the score that each day begun after `dueAt` costs.
   * @example 10
   */
  perDay: number;

  /**
   * Percent of the score that being late costs at most.
   * @example 50
   */
  max: number;
}
