import type { Principal } from '../auth/principal.js';
import type { Course } from './course.entity.js';
import type { Enrolment } from './enrolment.entity.js';

/** What someone may do in a course, as it was when they asked. */
export interface Standing {
  readonly course: Course;
  /** Null for administrators and visitors who are not enrolled. */
  readonly enrolment: Enrolment | null;
  /** `visitor`: sees the published course, and nothing in it. */
  readonly role: 'admin' | 'instructor' | 'assistant' | 'student' | 'visitor';
  /** Administrators, instructors and assistants: they see and grade everything in the course. */
  readonly isStaff: boolean;
  /** Administrators and instructors: they change the course, its members and its assignments. */
  readonly mayManage: boolean;
  /** Everyone who is enrolled, and administrators: they see the published assignments. */
  readonly isMember: boolean;
}

/**
 * Where a user stands in a course, or null where they may not see it: drafts are for staff, archived courses for members.
 *
 * @param enrolment the user's enrolment in this very course
 */
export function standingOf(user: Principal, course: Course, enrolment: Enrolment | null): Standing | null {
  const role = user.role === 'admin' ? 'admin' : (enrolment?.role ?? 'visitor');
  const mayManage = role === 'admin' || role === 'instructor';
  const isStaff = mayManage || role === 'assistant';
  const isMember = isStaff || role === 'student';
  const maySee = isStaff || course.status === 'published' || (course.status === 'archived' && isMember);
  return maySee ? { course, enrolment, role, isStaff, mayManage, isMember } : null;
}
