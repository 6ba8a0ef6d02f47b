import type { MigrationInterface, QueryRunner } from 'typeorm';
import { addColumn, columnTypesFor, dropColumn } from './table.js';

/** Which submissions are model submissions of a package: no list of what was handed in shows them. */
export class SubmissionsModel1790000000028 implements MigrationInterface {
  name = 'SubmissionsModel1790000000028';

  async up(queryRunner: QueryRunner): Promise<void> {
    const options = columnTypesFor(queryRunner).boolean;
    await addColumn(queryRunner, { table: 'submissions', name: 'isModel', options, default: false });
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await dropColumn(queryRunner, 'submissions', 'isModel');
  }
}
