import { Readable } from 'node:stream';
import { Injectable, StreamableFile } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import type { Repository, SelectQueryBuilder } from 'typeorm';
import { AuditLog } from '../audit/audit-log.js';
import type { Principal } from '../auth/principal.js';
import { CourseAccess } from '../courses/course-access.js';
import { Enrolment } from '../courses/enrolment.entity.js';
import { Transactions } from '../database/transactions.js';
import type { ListQueryDto } from '../http/list-query.dto.js';
import { findPage } from '../http/page.js';
import type { User } from '../users/user.entity.js';
import { type GradebookDto, GradebookAssignmentDto, GradebookRowDto } from './dto/gradebook.dto.js';
import { gradebookCsv, gradebookFileName } from './gradebook-csv.js';
import { GradebookRows } from './gradebook-rows.js';

const STUDENTS_AT_A_TIME = 500;

/** Students by assignments: what counts of each student's attempts. Staff see all rows, students their own. */
@Injectable()
export class GradebookService {
  constructor(
    @InjectRepository(Enrolment) private readonly enrolments: Repository<Enrolment>,
    private readonly access: CourseAccess,
    private readonly rows: GradebookRows,
    private readonly transactions: Transactions,
    private readonly audit: AuditLog,
  ) {}

  /** One page, in four statements. */
  async page(user: Principal, courseId: string, query: ListQueryDto): Promise<GradebookDto> {
    const standing = await this.access.getMemberStanding(user, courseId);
    const select = this.studentsOf(courseId);
    if (!standing.isStaff) select.andWhere('enrolment.userId = :userId', { userId: user.userId });
    // By the time of coming in, so that who comes while somebody pages is on the last page.
    const page = await findPage(select, 'enrolment', query, 'ASC');
    const students = page.items.map(userOf);
    const assignments = await this.rows.columnsOf(courseId);
    const rows = await this.rows.rowsOf(
      students.map(({ id }) => id),
      assignments,
    );
    return {
      assignments: assignments.map((assignment) => GradebookAssignmentDto.from(assignment)),
      items: students.flatMap((student, index) => {
        const row = rows[index];
        return row === undefined ? [] : [GradebookRowDto.from(student, row)];
      }),
      nextCursor: page.nextCursor,
    };
  }

  /** The whole gradebook as a CSV file, by name, written while it is read so that its size does not matter. */
  async csv(user: Principal, courseId: string): Promise<StreamableFile> {
    const { course } = await this.access.getStaffStanding(user, courseId);
    // All names and grades leave the system at once.
    await this.transactions.run((manager) =>
      this.audit.record(manager, {
        actorId: user.userId,
        action: 'gradebook.exported',
        targetType: 'course',
        targetId: courseId,
        courseId,
        detail: null,
      }),
    );
    const students = (await this.studentsOf(courseId).getMany()).map(userOf).toSorted(byName);
    const assignments = await this.rows.columnsOf(courseId);
    const rowsOf = (some: readonly User[]): ReturnType<GradebookRows['rowsOf']> =>
      this.rows.rowsOf(
        some.map(({ id }) => id),
        assignments,
      );
    const text = gradebookCsv(assignments, students, rowsOf, STUDENTS_AT_A_TIME);
    return new StreamableFile(Readable.from(text, { objectMode: false }), {
      type: 'text/csv; charset=utf-8; header=present',
      disposition: `attachment; filename="${gradebookFileName(course.code)}"`,
    });
  }

  private studentsOf(courseId: string): SelectQueryBuilder<Enrolment> {
    return this.enrolments
      .createQueryBuilder('enrolment')
      .innerJoin('enrolment.user', 'user')
      .addSelect(['user.id', 'user.name', 'user.email'])
      .where(`enrolment.courseId = :courseId AND enrolment.role = 'student'`, { courseId });
  }
}

function userOf(enrolment: Enrolment): User {
  if (enrolment.user === undefined) throw new Error('The enrolment was read without its user.');
  return enrolment.user;
}

const collator = new Intl.Collator('en');

function byName(one: User, other: User): number {
  return collator.compare(one.name, other.name) || collator.compare(one.email, other.email);
}
