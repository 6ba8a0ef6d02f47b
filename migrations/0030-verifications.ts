import type { MigrationInterface, QueryRunner } from 'typeorm';
import { columnTypesFor, createTable } from './table.js';

export class Verifications1790000000030 implements MigrationInterface {
  name = 'Verifications1790000000030';

  async up(queryRunner: QueryRunner): Promise<void> {
    const types = columnTypesFor(queryRunner);
    await createTable(queryRunner, {
      name: 'verifications',
      columns: {
        id: { ...types.id, primary: true },
        assignmentId: types.id,
        gradingVersion: types.integer,
        createdById: types.id,
        createdAt: types.instant,
      },
      indices: [
        { name: 'verifications_assignment', columns: ['assignmentId', 'id'] },
        { name: 'verifications_creator', columns: ['createdById'] },
      ],
      foreignKeys: [
        { name: 'fk_verifications_assignment', column: 'assignmentId', table: 'assignments' },
        { name: 'fk_verifications_creator', column: 'createdById', table: 'users' },
      ],
    });
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.dropTable('verifications');
  }
}
