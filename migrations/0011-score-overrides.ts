import type { MigrationInterface, QueryRunner } from 'typeorm';
import { nullable } from '../src/database/column-types.js';
import { columnTypesFor, createTable } from './table.js';

export class ScoreOverrides1790000000011 implements MigrationInterface {
  name = 'ScoreOverrides1790000000011';

  async up(queryRunner: QueryRunner): Promise<void> {
    const types = columnTypesFor(queryRunner);
    await createTable(queryRunner, {
      name: 'score_overrides',
      columns: {
        id: { ...types.id, primary: true },
        submissionId: types.id,
        score: types.points,
        reason: types.longText,
        staffId: types.id,
        createdAt: types.instant,
        withdrawnAt: nullable(types.instant),
        withdrawnById: nullable(types.id),
      },
      indices: [
        { name: 'score_overrides_submission', columns: ['submissionId', 'id'] },
        { name: 'score_overrides_staff', columns: ['staffId'] },
      ],
      foreignKeys: [
        { name: 'fk_score_overrides_submission', column: 'submissionId', table: 'submissions' },
        { name: 'fk_score_overrides_staff', column: 'staffId', table: 'users' },
      ],
    });
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.dropTable('score_overrides');
  }
}
