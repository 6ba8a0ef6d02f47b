import type { MigrationInterface, QueryRunner } from 'typeorm';
import { nullable, shortText } from '../src/database/column-types.js';
import { columnTypesFor, createTable } from './table.js';

export class Assignments1790000000006 implements MigrationInterface {
  name = 'Assignments1790000000006';

  async up(queryRunner: QueryRunner): Promise<void> {
    const types = columnTypesFor(queryRunner);
    await createTable(queryRunner, {
      name: 'assignments',
      columns: {
        id: { ...types.id, primary: true },
        courseId: types.id,
        slug: shortText(100),
        title: shortText(200),
        instructions: types.longText,
        status: shortText(20),
        opensAt: nullable(types.instant),
        dueAt: nullable(types.instant),
        closesAt: nullable(types.instant),
        maxAttempts: nullable(types.integer),
        latePolicy: types.json,
        countedAttempt: shortText(20),
        maxPoints: types.points,
        gradingVersion: types.integer,
        createdAt: types.instant,
        version: types.integer,
      },
      indices: [{ name: 'assignments_course_slug', columns: ['courseId', 'slug'], unique: true }],
      foreignKeys: [{ name: 'fk_assignments_course', column: 'courseId', table: 'courses' }],
    });
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.dropTable('assignments');
  }
}
