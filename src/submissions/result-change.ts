/** How the new result of a submission stands to the one that it is compared with. */
export const RESULT_CHANGES = ['pending', 'unchanged', 'better', 'worse', 'same_score', 'failed', 'cancelled'] as const;
export type ResultChange = (typeof RESULT_CHANGES)[number];

/** Those in which verdict, score or points to be had differ. */
export const CHANGED: readonly ResultChange[] = ['better', 'worse', 'same_score'];

/**
 * The change as an expression for `select`, of a new run under the alias `run` and the one it is compared with under `earlier`.
 * Null where nothing was kept to compare with. In SQL, so that ten thousand are counted and pages filtered by the same words.
 */
export const RESULT_CHANGE_SQL = `CASE
  WHEN "run"."status" IN ('queued', 'running') THEN 'pending'
  WHEN "run"."status" <> 'graded' THEN "run"."status"
  WHEN "earlier"."id" IS NULL THEN NULL
  WHEN "earlier"."score" IS NULL OR "run"."score" > "earlier"."score" THEN 'better'
  WHEN "run"."score" < "earlier"."score" THEN 'worse'
  WHEN "run"."verdict" <> "earlier"."verdict" OR "run"."maxScore" <> "earlier"."maxScore" THEN 'same_score'
  ELSE 'unchanged' END`;
