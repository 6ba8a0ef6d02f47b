import type { ReportedRuntime } from '../worker-report.js';

/** A language that programs may be written in, or a service that may run beside them. */
export class RuntimeDto {
  /**
   * What a grading document, and of a language a submission, names.
   * @example "python"
   */
  key: string;

  /**
   * For people.
   * @example "Python"
   */
  title: string;

  /**
   * The version on the machine that grades; null when it is not known.
   * @example "3.11.2"
   */
  version: string | null;

  /**
   * Whether submissions that need it can be graded at present.
   * @example true
   */
  available: boolean;

  /**
   * Why it is not available and what to do; left out when it is.
   * @example "A JDK is not installed in /usr: apt-get install default-jdk-headless"
   */
  reason?: string;

  static from({ key, title, version, available, reason }: ReportedRuntime): RuntimeDto {
    const dto = new RuntimeDto();
    Object.assign(dto, { key, title, version, available }, reason === null ? {} : { reason });
    return dto;
  }
}
