import type { MigrationInterface, QueryRunner } from 'typeorm';
import { addColumn, columnTypesFor, dropColumn } from './table.js';

/**
 * What a course weighs among others that wait, whether newer work of a student on an assignment replaces what still waits, and
 * which submission replaced one.
 */
export class FairOrderSettings1790000000019 implements MigrationInterface {
  name = 'FairOrderSettings1790000000019';

  async up(queryRunner: QueryRunner): Promise<void> {
    const types = columnTypesFor(queryRunner);
    await addColumn(queryRunner, { table: 'courses', name: 'gradingWeight', options: types.integer, default: 1 });
    await addColumn(queryRunner, { table: 'assignments', name: 'supersedes', options: types.boolean, default: false });
    await addColumn(queryRunner, { table: 'submissions', name: 'supersededById', options: types.id });
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await dropColumn(queryRunner, 'submissions', 'supersededById');
    await dropColumn(queryRunner, 'assignments', 'supersedes');
    await dropColumn(queryRunner, 'courses', 'gradingWeight');
  }
}
