import { Injectable } from '@nestjs/common';
import { type EntityManager, In } from 'typeorm';
import { meets } from '../packages/model-submission.js';
import { isTerminal, type RunState } from '../grading/run-state.js';
import type { Verdict } from '../grading/verdict.js';
import { GradingRun } from '../submissions/grading-run.entity.js';
import { ModelSubmission } from './model-submission.entity.js';
import { VerificationItem } from './verification-item.entity.js';
import type { Verification } from './verification.entity.js';

export const VERIFICATION_STATUSES = ['running', 'passed', 'failed'] as const;
export type VerificationStatus = (typeof VERIFICATION_STATUSES)[number];

/** What became of one model submission. */
export interface ItemResult {
  readonly model: ModelSubmission;
  /** Null where it was refused. */
  readonly run: {
    readonly status: RunState;
    readonly verdict: Verdict | null;
    readonly score: number | null;
    readonly maxScore: number | null;
  } | null;
  /** Null while it waits or is being graded. */
  readonly isRight: boolean | null;
  readonly refusal: string | null;
}

export interface VerificationResult {
  readonly status: VerificationStatus;
  readonly items: readonly ItemResult[];
}

type Id = Pick<Verification, 'id'>;

/**
 * Says from the rows how verifications stand. Nothing about that is stored, so that no process can die between a result and what
 * it means.
 */
@Injectable()
export class VerificationResults {
  /** By the verification's id, in at most three statements. */
  async of(manager: EntityManager, verifications: readonly Id[]): Promise<ReadonlyMap<string, VerificationResult>> {
    if (verifications.length === 0) return new Map();
    const items = await manager.find(VerificationItem, {
      where: { verificationId: In(verifications.map(({ id }) => id)) },
      relations: { modelSubmission: true },
    });
    const runIds = items.flatMap(({ runId }) => runId ?? []);
    const runs = await manager.find(GradingRun, {
      select: { id: true, status: true, verdict: true, score: true, maxScore: true },
      where: { id: In(runIds) },
    });
    const runOf = new Map(runs.map((run) => [run.id, run]));
    const results = new Map<string, VerificationResult>();
    for (const { id } of verifications) {
      const own = items
        .filter(({ verificationId }) => verificationId === id)
        .flatMap(({ modelSubmission: model, runId, refusal }) =>
          model === undefined ? [] : resultOf(model, runOf.get(runId ?? '') ?? null, refusal),
        )
        .toSorted((one, other) => (one.model.path < other.model.path ? -1 : 1));
      results.set(id, { status: statusOf(own), items: own });
    }
    return results;
  }
}

function resultOf(model: ModelSubmission, run: ItemResult['run'], refusal: string | null): ItemResult {
  if (run !== null && !isTerminal(run.status)) return { model, run, isRight: null, refusal };
  const isRight =
    run !== null && run.status === 'graded' && run.verdict !== null
      ? meets(expectationOf(model), { ...run, verdict: run.verdict })
      : false;
  return { model, run, isRight, refusal };
}

/** What a model submission must get, as packages say it. */
export function expectationOf({
  verdicts,
  leastScore,
  mostScore,
  isPartial,
}: ModelSubmission): Parameters<typeof meets>[0] {
  const score = leastScore === null || mostScore === null ? null : { least: leastScore, most: mostScore };
  return { verdicts, score, isPartial };
}

function statusOf(items: readonly ItemResult[]): VerificationStatus {
  if (items.some(({ isRight }) => isRight === null)) return 'running';
  return items.every(({ isRight }) => isRight === true) ? 'passed' : 'failed';
}
