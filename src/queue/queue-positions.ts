import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { select } from '../database/portable-sql.js';
import { type FlowLength, positionInLine } from './position-in-line.js';

/** For so long the lengths of the flows are believed: many who wait ask at the same time. */
const TRUSTED_MS = 1_000;

/** What all who ask within a moment share. */
interface Lengths {
  readonly flows: readonly FlowLength[];
  /** How many runs workers hold. */
  readonly running: number;
}

/** Where a run stands among all that wait. */
export interface QueuePosition {
  /** 1: next. */
  readonly position: number;
  /** How many runs are being graded, over all workers. */
  readonly running: number;
}

/** Tells those who wait how many go before them. Counts along an index: milliseconds with 20,000 that wait. */
@Injectable()
export class QueuePositions {
  private lengths: Promise<Lengths> | undefined;
  private trustedUntil = 0;

  constructor(private readonly dataSource: DataSource) {}

  /** Null where the run does not wait: a worker has it, or it is over. */
  async find(runId: string): Promise<QueuePosition | null> {
    const [own] = await select(
      this.dataSource.manager,
      `SELECT "id", "flow", "turn", "weight" FROM "outbox_messages" WHERE "runId" = ? AND "isWaiting" = TRUE`,
      [runId],
    );
    if (own === undefined) return null;
    const [id, flow, turn, weight] = [
      String(own['id']),
      String(own['flow']),
      Number(own['turn']),
      Number(own['weight']),
    ];
    const [counted] = await select(
      this.dataSource.manager,
      `SELECT COUNT(*) AS "before" FROM "outbox_messages"
        WHERE "isWaiting" = TRUE AND "flow" = ? AND "turn" <= ? AND ("turn" < ? OR "id" < ?)`,
      [flow, turn, turn, id],
    );
    const { flows, running } = await this.currentLengths();
    const position = positionInLine({ flow, weight, before: Number(counted?.['before'] ?? 0) }, flows);
    return { position, running };
  }

  private currentLengths(): Promise<Lengths> {
    if (this.lengths === undefined || performance.now() > this.trustedUntil) {
      this.trustedUntil = performance.now() + TRUSTED_MS;
      this.lengths = this.readLengths();
      // Asked again by whoever comes next.
      this.lengths.catch(() => (this.trustedUntil = 0));
    }
    return this.lengths;
  }

  private async readLengths(): Promise<Lengths> {
    const rows = await select(
      this.dataSource.manager,
      `SELECT CASE WHEN "isWaiting" = TRUE THEN 1 ELSE 0 END AS "isWaiting", "flow", COUNT(*) AS "runs",
          MAX("weight") AS "weight"
        FROM "outbox_messages" GROUP BY "isWaiting", "flow"`,
    );
    const waits = (row: (typeof rows)[number]): boolean => Number(row['isWaiting']) === 1;
    return {
      flows: rows
        .filter(waits)
        .map((row) => ({ flow: String(row['flow']), waiting: Number(row['runs']), weight: Number(row['weight']) })),
      running: rows.filter((row) => !waits(row)).reduce((sum, row) => sum + Number(row['runs']), 0),
    };
  }
}
