import type { MigrationInterface, QueryRunner } from 'typeorm';
import { nullable } from '../src/database/column-types.js';
import { columnTypesFor, createTable } from './table.js';

export class Rejudges1790000000014 implements MigrationInterface {
  name = 'Rejudges1790000000014';

  async up(queryRunner: QueryRunner): Promise<void> {
    const types = columnTypesFor(queryRunner);
    await createTable(queryRunner, {
      name: 'rejudges',
      columns: {
        id: { ...types.id, primary: true },
        assignmentId: types.id,
        submissionId: nullable(types.id),
        gradingVersion: types.integer,
        total: types.integer,
        skipped: types.integer,
        createdById: types.id,
        createdAt: types.instant,
      },
      indices: [
        { name: 'rejudges_assignment', columns: ['assignmentId'] },
        { name: 'rejudges_creator', columns: ['createdById'] },
      ],
      foreignKeys: [
        { name: 'fk_rejudges_assignment', column: 'assignmentId', table: 'assignments' },
        { name: 'fk_rejudges_creator', column: 'createdById', table: 'users' },
      ],
    });
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.dropTable('rejudges');
  }
}
