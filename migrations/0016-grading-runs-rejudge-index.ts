import { type MigrationInterface, type QueryRunner, TableIndex } from 'typeorm';

/** Counts the runs of a rejudge by their status from the index alone. */
export class GradingRunsRejudgeIndex1790000000016 implements MigrationInterface {
  name = 'GradingRunsRejudgeIndex1790000000016';

  async up(queryRunner: QueryRunner): Promise<void> {
    // MySQL commits it at once: a process that died then left the index and no record of this step.
    const table = await queryRunner.getTable('grading_runs');
    if (table?.indices.some(({ name }) => name === 'grading_runs_rejudge') === true) return;
    await queryRunner.createIndex(
      'grading_runs',
      new TableIndex({ name: 'grading_runs_rejudge', columnNames: ['rejudgeId', 'status'] }),
    );
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.dropIndex('grading_runs', 'grading_runs_rejudge');
  }
}
