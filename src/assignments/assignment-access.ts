import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import type { EntityManager, Repository } from 'typeorm';
import type { Principal } from '../auth/principal.js';
import { Course } from '../courses/course.entity.js';
import { Enrolment } from '../courses/enrolment.entity.js';
import { type Standing, standingOf } from '../courses/standing.js';
import { columnsOf, readRow } from '../database/entity-rows.js';
import { select } from '../database/portable-sql.js';
import { DomainError } from '../errors/domain-error.js';
import { Assignment } from './assignment.entity.js';

/** An assignment that the user may see, and where they stand in its course. */
export interface VisibleAssignment {
  readonly assignment: Assignment;
  readonly standing: Standing;
}

/** Decides who sees an assignment: members of its course; drafts and archived ones only staff. */
@Injectable()
export class AssignmentAccess {
  constructor(@InjectRepository(Assignment) private readonly assignments: Repository<Assignment>) {}

  /** The assignment with the user's standing, in one statement; null where they may not see it. */
  async findVisible(
    user: Principal,
    assignmentId: string,
    manager: EntityManager = this.assignments.manager,
  ): Promise<VisibleAssignment | null> {
    const [row] = await select(
      manager,
      `SELECT ${columnsOf(manager, Assignment, 'assignment')}, ${columnsOf(manager, Course, 'course')},
        ${columnsOf(manager, Enrolment, 'enrolment')}
      FROM "assignments" "assignment"
      JOIN "courses" "course" ON "course"."id" = "assignment"."courseId"
      LEFT JOIN "enrolments" "enrolment" ON "enrolment"."courseId" = "course"."id" AND "enrolment"."userId" = ?
      WHERE "assignment"."id" = ?`,
      [user.userId, assignmentId],
    );
    if (row === undefined) return null;
    const assignment = readRow(manager, Assignment, 'assignment', row);
    const course = readRow(manager, Course, 'course', row);
    if (assignment === null || course === null) return null;
    const standing = standingOf(user, course, readRow(manager, Enrolment, 'enrolment', row));
    if (standing === null || !standing.isMember) return null;
    return assignment.status === 'published' || standing.isStaff ? { assignment, standing } : null;
  }

  /** @throws DomainError `not_found` where the assignment is not there or may not be seen. */
  async getVisible(user: Principal, assignmentId: string, manager?: EntityManager): Promise<VisibleAssignment> {
    const visible = await this.findVisible(user, assignmentId, manager);
    if (visible === null) throw DomainError.notFound('assignment');
    return visible;
  }
}
