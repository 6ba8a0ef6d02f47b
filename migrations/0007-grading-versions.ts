import type { MigrationInterface, QueryRunner } from 'typeorm';
import { columnTypesFor, createTable } from './table.js';

export class GradingVersions1790000000007 implements MigrationInterface {
  name = 'GradingVersions1790000000007';

  async up(queryRunner: QueryRunner): Promise<void> {
    const types = columnTypesFor(queryRunner);
    await createTable(queryRunner, {
      name: 'grading_versions',
      columns: {
        id: { ...types.id, primary: true },
        assignmentId: types.id,
        number: types.integer,
        source: types.json,
        document: types.json,
        maxPoints: types.points,
        createdById: types.id,
        createdAt: types.instant,
      },
      indices: [{ name: 'grading_versions_assignment_number', columns: ['assignmentId', 'number'], unique: true }],
      foreignKeys: [{ name: 'fk_grading_versions_assignment', column: 'assignmentId', table: 'assignments' }],
    });
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.dropTable('grading_versions');
  }
}
