import type { MigrationInterface, QueryRunner } from 'typeorm';
import { addColumn, columnTypesFor, dropColumn } from './table.js';

/** What checkers say to staff; null for tests without one. */
export class TestResultsStaffMessage1790000000033 implements MigrationInterface {
  name = 'TestResultsStaffMessage1790000000033';

  async up(queryRunner: QueryRunner): Promise<void> {
    const options = columnTypesFor(queryRunner).longText;
    await addColumn(queryRunner, { table: 'test_results', name: 'staffMessage', options });
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await dropColumn(queryRunner, 'test_results', 'staffMessage');
  }
}
