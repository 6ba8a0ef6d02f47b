import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Which rejudge made a run. Null for the others, and without a foreign key: rejudges are never deleted. */
export class GradingRunsRejudge1790000000015 implements MigrationInterface {
  name = 'GradingRunsRejudge1790000000015';

  // The same words on every engine. TypeORM's own methods would copy the whole table on SQLite, and, on the way down, trip
  // over the test results that refer to it.
  async up(queryRunner: QueryRunner): Promise<void> {
    // MySQL commits it at once: a process that died then left the column and no record of this step.
    if (await queryRunner.hasColumn('grading_runs', 'rejudgeId')) return;
    const { table, column } = names(queryRunner);
    await queryRunner.query(`ALTER TABLE ${table} ADD COLUMN ${column} varchar(36) NULL`);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    const { table, column } = names(queryRunner);
    await queryRunner.query(`ALTER TABLE ${table} DROP COLUMN ${column}`);
  }
}

function names({ dataSource: { driver } }: QueryRunner): { readonly table: string; readonly column: string } {
  return { table: driver.escape('grading_runs'), column: driver.escape('rejudgeId') };
}
