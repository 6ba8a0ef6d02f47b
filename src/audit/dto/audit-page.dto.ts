import { AuditEntryDto } from './audit-entry.dto.js';

/** One page of audit entries. */
export class AuditPageDto {
  /** The entries of this page, newest first. */
  items: AuditEntryDto[];

  /**
   * Send it as `cursor` for the next page; null on the last one.
   * @example null
   */
  nextCursor: string | null;
}
