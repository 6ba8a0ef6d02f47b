import { Column, Entity, Index, JoinColumn, ManyToOne, PrimaryColumn } from 'typeorm';
import { Course } from '../courses/course.entity.js';
import { columnTypes, nullable, shortText } from '../database/column-types.js';
import type { LatePolicy } from '../grading/late-policy.js';

export const ASSIGNMENT_STATUSES = ['draft', 'published', 'archived'] as const;
export type AssignmentStatus = (typeof ASSIGNMENT_STATUSES)[number];

export const COUNTED_ATTEMPTS = ['best', 'latest'] as const;
/** Which of a student's attempts the gradebook counts. */
export type CountedAttemptRule = (typeof COUNTED_ATTEMPTS)[number];

@Entity('assignments')
@Index('assignments_course_slug', ['courseId', 'slug'], { unique: true })
export class Assignment {
  @PrimaryColumn(columnTypes.id)
  id: string;

  @Column(columnTypes.id)
  courseId: string;

  @ManyToOne(() => Course, { onDelete: 'RESTRICT', onUpdate: 'RESTRICT' })
  @JoinColumn({ name: 'courseId', foreignKeyConstraintName: 'fk_assignments_course' })
  course?: Course;

  @Column(shortText(100))
  slug: string;

  @Column(shortText(200))
  title: string;

  /** Markdown. */
  @Column(columnTypes.longText)
  instructions: string;

  @Column(shortText(20))
  status: AssignmentStatus;

  @Column(nullable(columnTypes.instant))
  opensAt: Date | null;

  @Column(nullable(columnTypes.instant))
  dueAt: Date | null;

  @Column(nullable(columnTypes.instant))
  closesAt: Date | null;

  @Column(nullable(columnTypes.integer))
  maxAttempts: number | null;

  @Column(columnTypes.json)
  latePolicy: LatePolicy;

  @Column(shortText(20))
  countedAttempt: CountedAttemptRule;

  /** A newer submission of a student cancels their older ones that still wait. */
  @Column({ ...columnTypes.boolean, default: false })
  supersedes: boolean;

  /** The sum of the current grading version's points. */
  @Column(columnTypes.points)
  maxPoints: number;

  /** The number of the current `GradingVersion`, from 1. */
  @Column(columnTypes.integer)
  gradingVersion: number;

  @Column(columnTypes.instant)
  createdAt: Date;

  @Column(columnTypes.integer)
  version: number;
}
