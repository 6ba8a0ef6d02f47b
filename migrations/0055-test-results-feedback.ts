import type { MigrationInterface, QueryRunner } from 'typeorm';
import { addColumn, columnTypesFor, dropColumn } from './table.js';

/** What students see of a result, part by part; null where the word `visibility` says it all. */
export class TestResultsFeedback1790000000055 implements MigrationInterface {
  name = 'TestResultsFeedback1790000000055';

  async up(queryRunner: QueryRunner): Promise<void> {
    const options = columnTypesFor(queryRunner).json;
    await addColumn(queryRunner, { table: 'test_results', name: 'feedback', options });
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await dropColumn(queryRunner, 'test_results', 'feedback');
  }
}
