import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import type { Repository } from 'typeorm';
import type { Principal } from '../auth/principal.js';
import { CourseAccess } from '../courses/course-access.js';
import type { ListQueryDto } from '../http/list-query.dto.js';
import { findPage, mapPage } from '../http/page.js';
import type { IncidentPageDto } from './dto/incident-page.dto.js';
import { IncidentDto } from './dto/incident.dto.js';
import { GradingRun } from './grading-run.entity.js';

/** Tells the staff of a course what Assay could not grade. */
@Injectable()
export class IncidentsService {
  constructor(
    @InjectRepository(GradingRun) private readonly runs: Repository<GradingRun>,
    private readonly courses: CourseAccess,
  ) {}

  /** Those that are still open: a submission that was graded again since is none any more. Newest first. */
  async list(user: Principal, courseId: string, list: ListQueryDto): Promise<IncidentPageDto> {
    await this.courses.getStaffStanding(user, courseId);
    // From the failed runs, which are few and have an index, to the submissions, of which there may be very many.
    const select = this.runs
      .createQueryBuilder('run')
      .innerJoin('run.submission', 'submission')
      .addSelect(['submission.id', 'submission.assignmentId', 'submission.studentId', 'submission.attempt'])
      .innerJoin('submission.assignment', 'assignment')
      .addSelect(['assignment.id', 'assignment.title'])
      .innerJoin('submission.student', 'student')
      .addSelect(['student.id', 'student.name'])
      .where(`run.status = 'failed'`)
      .andWhere('assignment.courseId = :courseId', { courseId })
      // Not by the submission's current run: where grading again fails, that is the earlier one again.
      .andWhere((query) => {
        const later = query
          .subQuery()
          .select('later.id')
          .from(GradingRun, 'later')
          .where('later.submissionId = run.submissionId AND later.number > run.number');
        return `NOT EXISTS ${later.getQuery()}`;
      });
    return mapPage(await findPage(select, 'run', list), (run) => IncidentDto.from(run));
  }
}
