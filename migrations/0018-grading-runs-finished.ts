import type { MigrationInterface, QueryRunner } from 'typeorm';
import { addIndex } from './table.js';

/** Finds the runs that ended last, from which the wait of others is estimated. */
export class GradingRunsFinished1790000000018 implements MigrationInterface {
  name = 'GradingRunsFinished1790000000018';

  async up(queryRunner: QueryRunner): Promise<void> {
    await addIndex(queryRunner, 'grading_runs', { name: 'grading_runs_finished', columns: ['finishedAt'] });
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.dropIndex('grading_runs', 'grading_runs_finished');
  }
}
