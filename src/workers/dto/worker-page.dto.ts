import { WorkerDto } from './worker.dto.js';

/** One page of workers. */
export class WorkerPageDto {
  /** The workers of this page, the one that started last first. */
  items: WorkerDto[];

  /**
   * For `cursor` of the next request; null on the last page.
   * @example null
   */
  nextCursor: string | null;
}
