import { Column, Entity, PrimaryColumn } from 'typeorm';
import { columnTypes, nullable, shortText } from '../database/column-types.js';

export const COURSE_STATUSES = ['draft', 'published', 'archived'] as const;
export type CourseStatus = (typeof COURSE_STATUSES)[number];

export const ENROLMENT_MODES = ['open', 'code', 'invite', 'paid'] as const;
/** How students get in: by themselves, with a code, only by staff, or by paying. */
export type EnrolmentMode = (typeof ENROLMENT_MODES)[number];

@Entity('courses')
export class Course {
  @PrimaryColumn(columnTypes.id)
  id: string;

  @Column(shortText(40))
  code: string;

  @Column(shortText(200))
  title: string;

  /** Markdown. */
  @Column(columnTypes.longText)
  description: string;

  @Column(nullable(shortText(80)))
  term: string | null;

  @Column(shortText(20))
  status: CourseStatus;

  @Column(shortText(20))
  enrolment: EnrolmentMode;

  /** Only staff see it. */
  @Column(nullable(shortText(80)))
  enrolmentCode: string | null;

  @Column(nullable(columnTypes.instant))
  startsAt: Date | null;

  @Column(nullable(columnTypes.instant))
  endsAt: Date | null;

  /** Its share of the workers, beside other courses whose submissions wait. */
  @Column({ ...columnTypes.integer, default: 1 })
  gradingWeight: number;

  @Column(columnTypes.instant)
  createdAt: Date;

  @Column(columnTypes.integer)
  version: number;
}
