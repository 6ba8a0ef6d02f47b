import type { MigrationInterface, QueryRunner } from 'typeorm';
import { addColumn, columnTypesFor, dropColumn } from './table.js';

/** The cases of tests that consist of several; null for all others. */
export class TestResultsCases1790000000026 implements MigrationInterface {
  name = 'TestResultsCases1790000000026';

  async up(queryRunner: QueryRunner): Promise<void> {
    const options = columnTypesFor(queryRunner).json;
    await addColumn(queryRunner, { table: 'test_results', name: 'cases', options });
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await dropColumn(queryRunner, 'test_results', 'cases');
  }
}
