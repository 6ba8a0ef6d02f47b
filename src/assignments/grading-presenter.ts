import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import type { Repository } from 'typeorm';
import type { Standing } from '../courses/standing.js';
import { databaseNow } from '../database/database-clock.js';
import { changesWhenDue } from '../grading/feedback.js';
import { presentGradingDocument } from '../grading/visibility.js';
import { Assignment } from './assignment.entity.js';
import { AssignmentDto } from './dto/assignment.dto.js';
import type { GradingVersion } from './grading-version.entity.js';

/** An assignment with the version of the grading document that it uses. */
export interface GradedAssignment {
  readonly assignment: Assignment;
  readonly version: GradingVersion;
}

/** Shows assignments to those who may see them: to staff as they were written, to students what visibility allows. */
@Injectable()
export class GradingPresenter {
  constructor(@InjectRepository(Assignment) private readonly assignments: Repository<Assignment>) {}

  async present(items: readonly GradedAssignment[], { isStaff }: Pick<Standing, 'isStaff'>): Promise<AssignmentDto[]> {
    if (isStaff) return items.map(({ assignment, version }) => AssignmentDto.from(assignment, version.source));
    // Asked only where the answer depends on it: most assignments have no test that the passing of time discloses.
    const now = items.some(dependsOnTime) ? await databaseNow(this.assignments.manager) : new Date(0);
    return items.map(({ assignment, version }) =>
      AssignmentDto.from(
        assignment,
        presentGradingDocument(version.document, 'student', { now, dueAt: assignment.dueAt }),
      ),
    );
  }
}

function dependsOnTime({ assignment, version }: GradedAssignment): boolean {
  return assignment.dueAt !== null && version.document.tests.some(changesWhenDue);
}
