import { IncidentDto } from './incident.dto.js';

/** One page of incidents. */
export class IncidentPageDto {
  /** The incidents of this page, newest first. */
  items: IncidentDto[];

  /**
   * Send it as `cursor` for the next page; null on the last one.
   * @example null
   */
  nextCursor: string | null;
}
