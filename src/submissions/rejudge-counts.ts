import { type EntityManager, In } from 'typeorm';
import { select } from '../database/portable-sql.js';
import { RUN_STATES, type RunState } from '../grading/run-state.js';
import { GradingRun } from './grading-run.entity.js';
import { RESULT_CHANGE_SQL, RESULT_CHANGES, type ResultChange } from './result-change.js';
import { type Trial, TRIALS } from './trial.js';

/** How many runs of a rejudge stand where. */
export type RejudgeProgress = Readonly<Record<RunState, number>>;

/** How the new results stand to the former ones. */
export type RejudgeSummary = Readonly<Record<ResultChange, number>>;

export interface RejudgeCounts {
  readonly progress: RejudgeProgress;
  /** Null where nothing was kept to compare with. */
  readonly summary: RejudgeSummary | null;
  /** Of a dry run, what became of its runs; of others all are 0. */
  readonly trials: Readonly<Record<Trial, number>>;
}

const noProgress = (): Record<RunState, number> => ({ queued: 0, running: 0, graded: 0, failed: 0, cancelled: 0 });

const noSummary = (): Record<ResultChange, number> => ({
  pending: 0,
  unchanged: 0,
  better: 0,
  worse: 0,
  same_score: 0,
  failed: 0,
  cancelled: 0,
});

const noTrials = (): Record<Trial, number> => ({ pending: 0, applied: 0, overtaken: 0, failed: 0, discarded: 0 });

/** The counts of a batch whose runs all wait: what is answered to whoever asked for it. */
export function countsOfNew(total: number, isDryRun: boolean): RejudgeCounts {
  return {
    progress: { ...noProgress(), queued: total },
    summary: { ...noSummary(), pending: total },
    trials: { ...noTrials(), pending: isDryRun ? total : 0 },
  };
}

/** All counts of a batch, in one statement, so that they fit each other. */
export async function countRuns(manager: EntityManager, rejudgeId: string): Promise<RejudgeCounts> {
  const rows = await select(
    manager,
    `SELECT "counted"."status" AS "status", "counted"."trial" AS "trial", "counted"."change" AS "change",
      COUNT(*) AS "count"
    FROM (
      SELECT "run"."status" AS "status", "run"."trial" AS "trial", ${RESULT_CHANGE_SQL} AS "change"
      FROM "grading_runs" "run"
      LEFT JOIN "grading_runs" "earlier" ON "earlier"."id" = "run"."comparedRunId"
      WHERE "run"."rejudgeId" = ?
    ) "counted"
    GROUP BY "counted"."status", "counted"."trial", "counted"."change"`,
    [rejudgeId],
  );
  const [progress, summary, trials] = [noProgress(), noSummary(), noTrials()];
  let isComparable = true;
  for (const row of rows) {
    // Counts come as text from some drivers.
    const count = Number(row['count']);
    const state = RUN_STATES.find((one) => one === row['status']);
    const change = RESULT_CHANGES.find((one) => one === row['change']);
    const trial = TRIALS.find((one) => one === row['trial']);
    if (state !== undefined) progress[state] += count;
    if (trial !== undefined) trials[trial] += count;
    if (change === undefined) isComparable = false;
    else summary[change] += count;
  }
  return { progress, summary: isComparable ? summary : null, trials };
}

/** How far the runs of some batches are, by the batch; answered from an index alone. */
export async function countProgress(
  manager: EntityManager,
  rejudgeIds: readonly string[],
): Promise<ReadonlyMap<string, RejudgeProgress>> {
  const found = new Map(rejudgeIds.map((id) => [id, noProgress()]));
  if (rejudgeIds.length === 0) return found;
  const rows = await manager
    .createQueryBuilder(GradingRun, 'run')
    .select('run.rejudgeId', 'rejudgeId')
    .addSelect('run.status', 'status')
    .addSelect('COUNT(*)', 'count')
    .where({ rejudgeId: In([...rejudgeIds]) })
    .groupBy('run.rejudgeId')
    .addGroupBy('run.status')
    .getRawMany<{ rejudgeId: string; status: RunState; count: unknown }>();
  for (const { rejudgeId, status, count } of rows) {
    const progress = found.get(rejudgeId);
    if (progress !== undefined) progress[status] = Number(count);
  }
  return found;
}
