import type { ReadinessState, ReportedCheck } from '../readiness-report.js';

/** One thing that was looked at. */
export class ReadinessCheckDto {
  /**
   * What was looked at: `database`, `schema`, `clock` (near the database's), `redis` where one is configured, `grading` where
   * this process grades.
   * @example "database"
   */
  name: string;

  /**
   * Whether it is as it should be.
   * @example true
   */
  up: boolean;

  /**
   * False: the process is ready without it.
   * @example true
   */
  essential: boolean;

  static from({ name, isUp, isEssential }: ReportedCheck): ReadinessCheckDto {
    return { name, up: isUp, essential: isEssential };
  }
}

/** Says that the process can do its work. */
export class ReadinessDto {
  /**
   * Always this; a process that is not ready answers 503.
   * @example "ready"
   */
  status: 'ready';

  /** Everything that was looked at. */
  checks: ReadinessCheckDto[];

  static from({ checks }: ReadinessState): ReadinessDto {
    return { status: 'ready', checks: checks.map((check) => ReadinessCheckDto.from(check)) };
  }
}
