import type { MigrationInterface, QueryRunner } from 'typeorm';
import { shortText } from '../src/database/column-types.js';
import { columnTypesFor, createTable } from './table.js';

export class Enrolments1790000000005 implements MigrationInterface {
  name = 'Enrolments1790000000005';

  async up(queryRunner: QueryRunner): Promise<void> {
    const types = columnTypesFor(queryRunner);
    await createTable(queryRunner, {
      name: 'enrolments',
      columns: {
        id: { ...types.id, primary: true },
        courseId: types.id,
        userId: types.id,
        role: shortText(20),
        createdAt: types.instant,
        version: types.integer,
      },
      indices: [
        { name: 'enrolments_course_user', columns: ['courseId', 'userId'], unique: true },
        { name: 'enrolments_user', columns: ['userId'] },
      ],
      foreignKeys: [
        { name: 'fk_enrolments_course', column: 'courseId', table: 'courses' },
        { name: 'fk_enrolments_user', column: 'userId', table: 'users' },
      ],
    });
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.dropTable('enrolments');
  }
}
