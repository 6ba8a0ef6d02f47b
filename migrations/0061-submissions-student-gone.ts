import type { MigrationInterface, QueryRunner } from 'typeorm';
import { addIndex, dropIndex } from './table.js';

/** `submissions_quota` begins with the same column. */
export class SubmissionsStudentGone1790000000061 implements MigrationInterface {
  name = 'SubmissionsStudentGone1790000000061';

  async up(queryRunner: QueryRunner): Promise<void> {
    await dropIndex(queryRunner, 'submissions', 'submissions_student');
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await addIndex(queryRunner, 'submissions', { name: 'submissions_student', columns: ['studentId'] });
  }
}
