/** Where a submission stands that waits to be graded. */
export class QueuePositionDto {
  /**
   * How many submissions a worker takes until it is this one's turn, itself included: 1 is next. It may rise, when somebody comes
   * whose turn is sooner.
   * @example 3
   */
  position: number;

  /**
   * About how long it takes until its grading begins, in milliseconds, from how long the last ones took; null while that is
   * unknown.
   * @example 1200
   */
  estimatedWaitMs: number | null;
}
