import { Column, Entity, Index, JoinColumn, ManyToOne, PrimaryColumn } from 'typeorm';
import { columnTypes, shortText } from '../database/column-types.js';
import { User } from '../users/user.entity.js';
import { Course } from './course.entity.js';

export const COURSE_ROLES = ['instructor', 'assistant', 'student'] as const;
export type CourseRole = (typeof COURSE_ROLES)[number];

/** Who is in a course, and as what. */
@Entity('enrolments')
@Index('enrolments_course_user', ['courseId', 'userId'], { unique: true })
export class Enrolment {
  @PrimaryColumn(columnTypes.id)
  id: string;

  @Column(columnTypes.id)
  courseId: string;

  @ManyToOne(() => Course, { onDelete: 'RESTRICT', onUpdate: 'RESTRICT' })
  @JoinColumn({ name: 'courseId', foreignKeyConstraintName: 'fk_enrolments_course' })
  course?: Course;

  @Index('enrolments_user')
  @Column(columnTypes.id)
  userId: string;

  @ManyToOne(() => User, { onDelete: 'RESTRICT', onUpdate: 'RESTRICT' })
  @JoinColumn({ name: 'userId', foreignKeyConstraintName: 'fk_enrolments_user' })
  user?: User;

  @Column(shortText(20))
  role: CourseRole;

  @Column(columnTypes.instant)
  createdAt: Date;

  @Column(columnTypes.integer)
  version: number;
}
