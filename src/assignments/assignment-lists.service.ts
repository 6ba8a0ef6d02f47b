import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import type { Repository } from 'typeorm';
import type { Principal } from '../auth/principal.js';
import { CourseAccess } from '../courses/course-access.js';
import { cursorOf, findPage, type Page } from '../http/page.js';
import { Assignment } from './assignment.entity.js';
import type { AssignmentDto } from './dto/assignment.dto.js';
import type { ListAssignmentsDto } from './dto/list-assignments.dto.js';
import { type GradedAssignment, GradingPresenter } from './grading-presenter.js';
import { charactersOf } from './grading-version-cache.js';
import { GradingVersions } from './grading-versions.js';

/** About how much one page holds: a grading document may have 4 MiB, and a hundred of them would stop everyone else. */
const MOST_CHARACTERS = 8 * 1024 * 1024;
const VERSIONS_AT_A_TIME = 20;

/** Lists the assignments of a course. */
@Injectable()
export class AssignmentLists {
  constructor(
    @InjectRepository(Assignment) private readonly assignments: Repository<Assignment>,
    private readonly courseAccess: CourseAccess,
    private readonly versions: GradingVersions,
    private readonly presenter: GradingPresenter,
  ) {}

  async list(user: Principal, courseId: string, query: ListAssignmentsDto): Promise<Page<AssignmentDto>> {
    const standing = await this.courseAccess.getMemberStanding(user, courseId);
    const select = this.assignments
      .createQueryBuilder('assignment')
      .where('assignment.courseId = :courseId', { courseId });
    if (!standing.isStaff) select.andWhere(`assignment.status = 'published'`);
    if (query.status !== undefined) select.andWhere('assignment.status = :status', { status: query.status });
    const page = await findPage(select, 'assignment', query);
    const shown = await this.withVersions(page.items);
    const last = shown.at(-1);
    return {
      items: await this.presenter.present(shown, standing),
      nextCursor:
        last !== undefined && shown.length < page.items.length ? cursorOf(last.assignment.id) : page.nextCursor,
    };
  }

  /** As many of the assignments, from the first, as fit on one page with their grading documents; at least one. */
  private async withVersions(assignments: readonly Assignment[]): Promise<GradedAssignment[]> {
    const shown: GradedAssignment[] = [];
    let characters = 0;
    for (let from = 0; from < assignments.length; from += VERSIONS_AT_A_TIME) {
      const some = assignments.slice(from, from + VERSIONS_AT_A_TIME);
      const versions = await this.versions.forAssignments(some);
      for (const assignment of some) {
        const version = versions.get(assignment.id);
        // Assignments and versions are read by two statements; what came in between them is on the next reading.
        if (version === undefined) continue;
        characters += charactersOf(version);
        if (characters > MOST_CHARACTERS && shown.length > 0) return shown;
        shown.push({ assignment, version });
      }
    }
    return shown;
  }
}
