import { Column, Entity, Index, JoinColumn, ManyToOne, PrimaryColumn } from 'typeorm';
import { columnTypes, nullable, shortText } from '../database/column-types.js';
import type { RunState } from '../grading/run-state.js';
import type { Verdict } from '../grading/verdict.js';
import { Submission } from './submission.entity.js';
import type { Trial } from './trial.js';

/** One attempt to grade a submission. A finished run never changes; grading again makes a new one. */
@Entity('grading_runs')
@Index('grading_runs_submission_number', ['submissionId', 'number'], { unique: true })
@Index('grading_runs_status_lease', ['status', 'leaseExpiresAt'])
@Index('grading_runs_rejudge', ['rejudgeId', 'status'])
@Index('grading_runs_finished', ['finishedAt'])
export class GradingRun {
  @PrimaryColumn(columnTypes.id)
  id: string;

  @Column(columnTypes.id)
  submissionId: string;

  @ManyToOne(() => Submission, { onDelete: 'RESTRICT', onUpdate: 'RESTRICT' })
  @JoinColumn({ name: 'submissionId', foreignKeyConstraintName: 'fk_grading_runs_submission' })
  submission?: Submission;

  /** 1, 2, 3, … within the submission. */
  @Column(columnTypes.integer)
  number: number;

  @Column(shortText(20))
  cause: 'submission' | 'rejudge' | 'verification';

  @Column(shortText(20))
  status: RunState;

  /** The number of the grading version that it uses. */
  @Column(columnTypes.integer)
  gradingVersion: number;

  @Column(nullable(shortText(40)))
  verdict: Verdict | null;

  @Column(nullable(columnTypes.points))
  score: number | null;

  @Column(nullable(columnTypes.points))
  maxScore: number | null;

  /** Fencing token: rises with each claim; a result that names an older one is refused. */
  @Column(columnTypes.integer)
  leaseToken: number;

  /** Which worker holds it; null while queued and after the end. */
  @Column(nullable(shortText(100)))
  leaseOwner: string | null;

  @Column(nullable(columnTypes.instant))
  leaseExpiresAt: Date | null;

  /** How often it was claimed. */
  @Column(columnTypes.integer)
  claims: number;

  /** Output of the build, cut; null when nothing was built. */
  @Column(nullable(columnTypes.longText))
  buildOutput: string | null;

  /** Why Assay failed, for operators; never shown to students. */
  @Column(nullable(columnTypes.longText))
  failure: string | null;

  /** The rejudge that asked for it; null for the run that the submission itself asked for. */
  @Column(nullable(columnTypes.id))
  rejudgeId: string | null;

  /** The run that the submission showed when a rejudge made this one: what its result is compared with. */
  @Column(nullable(columnTypes.id))
  comparedRunId: string | null;

  /** Null: it counts, or counted. Else it is of a dry run, and hidden from students until it is `applied`. */
  @Column(nullable(shortText(20)))
  trial: Trial | null;

  @Column(columnTypes.instant)
  createdAt: Date;

  @Column(nullable(columnTypes.instant))
  startedAt: Date | null;

  @Column(nullable(columnTypes.instant))
  finishedAt: Date | null;
}
