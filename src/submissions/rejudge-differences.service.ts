import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { type Repository, In } from 'typeorm';
import type { Principal } from '../auth/principal.js';
import { columnsOf, readRow } from '../database/entity-rows.js';
import { type RawRow, select } from '../database/portable-sql.js';
import { DomainError } from '../errors/domain-error.js';
import { idOfCursor, mapPage, toPage } from '../http/page.js';
import type { ListDifferencesDto } from './dto/list-differences.dto.js';
import type { RejudgeDifferencePageDto } from './dto/rejudge-difference-page.dto.js';
import { RejudgeDifferenceDto } from './dto/rejudge-difference.dto.js';
import { GradingRun } from './grading-run.entity.js';
import { RejudgeAccess } from './rejudge-access.js';
import type { ComparedRun, RejudgeDifference } from './rejudge-difference.js';
import { CHANGED, RESULT_CHANGE_SQL, RESULT_CHANGES } from './result-change.js';
import { type ComparedTest, testDifferences } from './test-differences.js';
import { TestResult } from './test-result.entity.js';

interface Compared extends Omit<RejudgeDifference, 'tests'> {
  /** Of the new run: pages go on behind it. */
  readonly id: string;
}

const IS_CHANGED = `(${RESULT_CHANGE_SQL}) IN (${CHANGED.map((change) => `'${change}'`).join(', ')})`;
const IS_UNCHANGED = `(${RESULT_CHANGE_SQL}) = 'unchanged'`;

/** Shows what a rejudge changes, submission by submission: before a dry run is applied, and afterwards as well. */
@Injectable()
export class RejudgeDifferencesService {
  constructor(
    @InjectRepository(GradingRun) private readonly runs: Repository<GradingRun>,
    @InjectRepository(TestResult) private readonly results: Repository<TestResult>,
    private readonly access: RejudgeAccess,
  ) {}

  /** One page, in two statements besides the question who may see it. */
  async list(user: Principal, rejudgeId: string, query: ListDifferencesDto): Promise<RejudgeDifferencePageDto> {
    const { rejudge } = await this.access.getVisible(user, rejudgeId);
    if (rejudge.stage === 'discarding' || rejudge.stage === 'discarded') {
      throw new DomainError(
        'conflict',
        'rejudge_discarded',
        'It was discarded, and its results with it: ask for another dry run.',
      );
    }
    const page = toPage(await this.compare(rejudgeId, query), query.limit);
    const tests = await this.testsOf(
      page.items.filter(({ later }) => later.status === 'graded').flatMap(({ earlier, later }) => [earlier, later]),
    );
    return mapPage(page, (item) => {
      const isGraded = item.later.status === 'graded';
      const [before, after] = [tests.get(item.earlier.runId) ?? [], tests.get(item.later.runId) ?? []];
      return RejudgeDifferenceDto.from({ ...item, tests: isGraded ? testDifferences(before, after) : [] });
    });
  }

  private async compare(rejudgeId: string, { changed, cursor, limit }: ListDifferencesDto): Promise<Compared[]> {
    const { manager } = this.runs;
    const conditions = [
      '"run"."rejudgeId" = ?',
      ...(cursor === undefined ? [] : ['"run"."id" > ?']),
      ...(changed === undefined ? [] : [changed ? IS_CHANGED : IS_UNCHANGED]),
    ];
    const rows = await select(
      manager,
      `SELECT ${columnsOf(manager, GradingRun, 'run')}, ${columnsOf(manager, GradingRun, 'earlier')},
        "submission"."studentId" AS "studentId", "submission"."attempt" AS "attempt",
        "submission"."overrideScore" AS "overrideScore", ${RESULT_CHANGE_SQL} AS "change"
      FROM "grading_runs" "run"
      JOIN "grading_runs" "earlier" ON "earlier"."id" = "run"."comparedRunId"
      JOIN "submissions" "submission" ON "submission"."id" = "run"."submissionId"
      WHERE ${conditions.join(' AND ')}
      ORDER BY "run"."id" LIMIT ?`,
      [rejudgeId, ...(cursor === undefined ? [] : [idOfCursor(cursor)]), limit + 1],
    );
    return rows.flatMap((row) => {
      const [run, earlier] = [readRow(manager, GradingRun, 'run', row), readRow(manager, GradingRun, 'earlier', row)];
      return run === null || earlier === null ? [] : [compared(row, run, earlier)];
    });
  }

  /** What the tests of some runs gave, in their order. */
  private async testsOf(runs: readonly ComparedRun[]): Promise<ReadonlyMap<string, readonly ComparedTest[]>> {
    const byRun = new Map(runs.map(({ runId }): [string, ComparedTest[]] => [runId, []]));
    if (runs.length === 0) return byRun;
    // Without making entities of them: there may be thousands.
    const rows = await this.results
      .createQueryBuilder('result')
      .select('result.runId', 'runId')
      .addSelect('result.name', 'name')
      .addSelect('result.verdict', 'verdict')
      .addSelect('result.points', 'points')
      .addSelect('result.maxPoints', 'maxPoints')
      .where({ runId: In([...byRun.keys()]) })
      .orderBy('result.runId', 'ASC')
      .addOrderBy('result.position', 'ASC')
      .getRawMany<ComparedTest & { readonly runId: string }>();
    for (const { runId, name, verdict, points, maxPoints } of rows) {
      byRun.get(runId)?.push({ name, verdict, points, maxPoints });
    }
    return byRun;
  }
}

function compared(row: RawRow, run: GradingRun, earlier: GradingRun): Compared {
  const { studentId, attempt, overrideScore } = row;
  return {
    id: run.id,
    submissionId: run.submissionId,
    studentId: String(studentId),
    attempt: Number(attempt),
    change: RESULT_CHANGES.find((change) => change === row['change']) ?? 'pending',
    trial: run.trial,
    overrideScore: overrideScore === null ? null : Number(overrideScore),
    earlier: resultOf(earlier),
    later: resultOf(run),
  };
}

function resultOf({ id: runId, status, gradingVersion, verdict, score, maxScore }: GradingRun): ComparedRun {
  return { runId, status, gradingVersion, verdict, score, maxScore };
}
