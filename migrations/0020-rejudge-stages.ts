import type { MigrationInterface, QueryRunner } from 'typeorm';
import { shortText } from '../src/database/column-types.js';
import { addColumn, addIndex, columnTypesFor, dropColumn } from './table.js';

const INDEX = 'rejudges_stage';
const COLUMNS = ['mode', 'stage', 'filter', 'cursorId', 'movedAt', 'decidedById', 'decidedAt'];

/**
 * Dry runs, batches that are made and applied in several transactions, and who decided on them. All columns hold null in the
 * rows of before, which means what was then: applied at once, and made in one piece.
 */
export class RejudgeStages1790000000020 implements MigrationInterface {
  name = 'RejudgeStages1790000000020';

  async up(queryRunner: QueryRunner): Promise<void> {
    const types = columnTypesFor(queryRunner);
    await addColumn(queryRunner, { table: 'rejudges', name: 'mode', options: shortText(20) });
    await addColumn(queryRunner, { table: 'rejudges', name: 'stage', options: shortText(20) });
    await addColumn(queryRunner, { table: 'rejudges', name: 'filter', options: types.json });
    await addColumn(queryRunner, { table: 'rejudges', name: 'cursorId', options: types.id });
    await addColumn(queryRunner, { table: 'rejudges', name: 'movedAt', options: types.instant });
    await addColumn(queryRunner, { table: 'rejudges', name: 'decidedById', options: types.id });
    await addColumn(queryRunner, { table: 'rejudges', name: 'decidedAt', options: types.instant });
    await addIndex(queryRunner, 'rejudges', { name: INDEX, columns: ['stage', 'movedAt'] });
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.dropIndex('rejudges', INDEX);
    for (const name of COLUMNS.toReversed()) await dropColumn(queryRunner, 'rejudges', name);
  }
}
