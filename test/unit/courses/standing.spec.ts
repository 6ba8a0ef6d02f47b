import { describe, expect, it } from 'vitest';
import type { Course, CourseStatus } from '../../../src/courses/course.entity.js';
import type { CourseRole, Enrolment } from '../../../src/courses/enrolment.entity.js';
import { standingOf } from '../../../src/courses/standing.js';

const at = new Date('2026-09-01T00:00:00Z');

function course(status: CourseStatus): Course {
  return {
    id: 'course',
    code: 'C',
    title: 'T',
    description: '',
    term: null,
    status,
    enrolment: 'invite',
    enrolmentCode: null,
    startsAt: null,
    endsAt: null,
    gradingWeight: 1,
    createdAt: at,
    version: 1,
  };
}

function enrolled(role: CourseRole | null): Enrolment | null {
  return role === null ? null : { id: 'e', courseId: 'course', userId: 'user', role, createdAt: at, version: 1 };
}

function standing(platformRole: 'admin' | 'instructor' | 'student', role: CourseRole | null, status: CourseStatus) {
  return standingOf({ userId: 'user', role: platformRole }, course(status), enrolled(role));
}

describe('standingOf', () => {
  it.each([
    ['admin', null, 'admin', [true, true, true]],
    ['admin', 'student', 'admin', [true, true, true]],
    ['student', 'instructor', 'instructor', [true, true, true]],
    ['student', 'assistant', 'assistant', [true, false, true]],
    ['student', 'student', 'student', [false, false, true]],
    ['instructor', 'student', 'student', [false, false, true]],
    ['instructor', null, 'visitor', [false, false, false]],
    ['student', null, 'visitor', [false, false, false]],
  ] as const)('makes of a platform %s who is enrolled as %s the %s', (platformRole, role, expected, rights) => {
    const found = standing(platformRole, role, 'published');
    expect(found?.role).toBe(expected);
    expect([found?.isStaff, found?.mayManage, found?.isMember]).toEqual(rights);
  });

  it.each([
    ['draft', ['admin', 'instructor', 'assistant']],
    ['published', ['admin', 'instructor', 'assistant', 'student', 'visitor']],
    ['archived', ['admin', 'instructor', 'assistant', 'student']],
  ] as const)('shows a course that is %s to %j', (status, expected) => {
    const all = [
      standing('admin', null, status),
      standing('student', 'instructor', status),
      standing('student', 'assistant', status),
      standing('student', 'student', status),
      standing('instructor', null, status),
    ];
    expect(all.flatMap((found) => found?.role ?? [])).toEqual(expected);
  });
});
