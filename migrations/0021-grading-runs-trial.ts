import type { MigrationInterface, QueryRunner } from 'typeorm';
import { shortText } from '../src/database/column-types.js';
import { addColumn, columnTypesFor, dropColumn } from './table.js';

const COLUMNS = ['comparedRunId', 'trial'];

/** Which run the result of a rejudge is compared with, and, for dry runs, what became of it. Null for all others. */
export class GradingRunsTrial1790000000021 implements MigrationInterface {
  name = 'GradingRunsTrial1790000000021';

  async up(queryRunner: QueryRunner): Promise<void> {
    await addColumn(queryRunner, {
      table: 'grading_runs',
      name: 'comparedRunId',
      options: columnTypesFor(queryRunner).id,
    });
    await addColumn(queryRunner, { table: 'grading_runs', name: 'trial', options: shortText(20) });
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    for (const name of COLUMNS.toReversed()) await dropColumn(queryRunner, 'grading_runs', name);
  }
}
