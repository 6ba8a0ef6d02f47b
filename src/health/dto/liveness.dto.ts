/** Says that the process runs. */
export class LivenessDto {
  /**
   * Always this: a process that does not live does not answer.
   * @example "live"
   */
  status: 'live';
}
