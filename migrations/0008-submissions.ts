import type { MigrationInterface, QueryRunner } from 'typeorm';
import { nullable, shortText } from '../src/database/column-types.js';
import { columnTypesFor, createTable } from './table.js';

export class Submissions1790000000008 implements MigrationInterface {
  name = 'Submissions1790000000008';

  async up(queryRunner: QueryRunner): Promise<void> {
    const types = columnTypesFor(queryRunner);
    await createTable(queryRunner, {
      name: 'submissions',
      columns: {
        id: { ...types.id, primary: true },
        assignmentId: types.id,
        studentId: types.id,
        attempt: types.integer,
        counts: types.boolean,
        runtime: shortText(40),
        status: shortText(20),
        verdict: nullable(shortText(40)),
        score: nullable(types.points),
        maxScore: nullable(types.points),
        late: types.boolean,
        gradingVersion: types.integer,
        filesKey: shortText(),
        fileCount: types.integer,
        byteCount: types.integer,
        submittedAt: types.instant,
        startedAt: nullable(types.instant),
        gradedAt: nullable(types.instant),
        currentRunId: types.id,
        overrideScore: nullable(types.points),
        version: types.integer,
      },
      indices: [
        { name: 'submissions_attempt', columns: ['assignmentId', 'studentId', 'attempt'], unique: true },
        { name: 'submissions_assignment', columns: ['assignmentId', 'id'] },
        { name: 'submissions_student', columns: ['studentId'] },
      ],
      foreignKeys: [
        { name: 'fk_submissions_assignment', column: 'assignmentId', table: 'assignments' },
        { name: 'fk_submissions_student', column: 'studentId', table: 'users' },
      ],
    });
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.dropTable('submissions');
  }
}
