import { Column, Entity, Index, JoinColumn, ManyToOne, PrimaryColumn } from 'typeorm';
import { columnTypes, nullable, shortText } from '../database/column-types.js';
import type { CaseResult } from '../grading/case-results.js';
import type { Feedback, TestKind, Visibility } from '../grading/grading-document.js';
import type { Verdict } from '../grading/verdict.js';
import { GradingRun } from './grading-run.entity.js';

/** What one test gave in one grading run. */
@Entity('test_results')
@Index('test_results_run_position', ['runId', 'position'], { unique: true })
export class TestResult {
  @PrimaryColumn(columnTypes.id)
  id: string;

  @Column(columnTypes.id)
  runId: string;

  @ManyToOne(() => GradingRun, { onDelete: 'RESTRICT', onUpdate: 'RESTRICT' })
  @JoinColumn({ name: 'runId', foreignKeyConstraintName: 'fk_test_results_run' })
  run?: GradingRun;

  /** 0, 1, 2, … in the order of the grading document. */
  @Column(columnTypes.integer)
  position: number;

  @Column(shortText())
  name: string;

  @Column(shortText(20))
  kind: TestKind;

  @Column(shortText(20))
  visibility: Visibility;

  /** Null: what `visibility` says. */
  @Column(nullable(columnTypes.json))
  feedback: Feedback | null;

  @Column(shortText(40))
  verdict: Verdict;

  @Column(columnTypes.points)
  points: number;

  @Column(columnTypes.points)
  maxPoints: number;

  /** CPU time, in milliseconds. */
  @Column(nullable(columnTypes.integer))
  timeMs: number | null;

  @Column(nullable(columnTypes.integer))
  wallMs: number | null;

  @Column(nullable(columnTypes.integer))
  memoryKiB: number | null;

  @Column(nullable(columnTypes.integer))
  exitCode: number | null;

  @Column(nullable(shortText(20)))
  signal: string | null;

  @Column(nullable(columnTypes.longText))
  message: string | null;

  /** Cut, with a marker, as are the next two. */
  @Column(nullable(columnTypes.longText))
  stdout: string | null;

  @Column(nullable(columnTypes.longText))
  stderr: string | null;

  @Column(nullable(columnTypes.longText))
  expected: string | null;

  /** Within `CASE_LIMITS`; null where the test knows no cases. */
  @Column(nullable(columnTypes.json))
  cases: readonly CaseResult[] | null;

  /** What a checker of the instructor's says to staff. */
  @Column(nullable(columnTypes.longText))
  staffMessage: string | null;
}
