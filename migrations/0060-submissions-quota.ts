import type { MigrationInterface, QueryRunner } from 'typeorm';
import { addIndex } from './table.js';

/** Counts what a student has handed in, lately and in all, without a look at the rows. */
export class SubmissionsQuota1790000000060 implements MigrationInterface {
  name = 'SubmissionsQuota1790000000060';

  async up(queryRunner: QueryRunner): Promise<void> {
    const columns = ['studentId', 'id', 'byteCount'];
    await addIndex(queryRunner, 'submissions', { name: 'submissions_quota', columns });
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.dropIndex('submissions', 'submissions_quota');
  }
}
