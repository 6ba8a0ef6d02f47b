import type { MigrationInterface, QueryRunner } from 'typeorm';
import { nullable, shortText } from '../src/database/column-types.js';
import { columnTypesFor, createTable } from './table.js';

export class Courses1790000000004 implements MigrationInterface {
  name = 'Courses1790000000004';

  async up(queryRunner: QueryRunner): Promise<void> {
    const types = columnTypesFor(queryRunner);
    await createTable(queryRunner, {
      name: 'courses',
      columns: {
        id: { ...types.id, primary: true },
        code: shortText(40),
        title: shortText(200),
        description: types.longText,
        term: nullable(shortText(80)),
        status: shortText(20),
        enrolment: shortText(20),
        enrolmentCode: nullable(shortText(80)),
        startsAt: nullable(types.instant),
        endsAt: nullable(types.instant),
        createdAt: types.instant,
        version: types.integer,
      },
    });
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.dropTable('courses');
  }
}
