import type { MigrationInterface, QueryRunner } from 'typeorm';
import { shortText } from '../src/database/column-types.js';
import { addColumn, addIndex, columnTypesFor, dropColumn } from './table.js';

const TABLE = 'outbox_messages';

/**
 * What decides the order in which runs are handed to the queue. Rows of a version that does not know the columns are
 * interactive work of no course, and wait until they are removed.
 */
export class OutboxFairOrder1790000000017 implements MigrationInterface {
  name = 'OutboxFairOrder1790000000017';

  async up(queryRunner: QueryRunner): Promise<void> {
    const types = columnTypesFor(queryRunner);
    await addColumn(queryRunner, { table: TABLE, name: 'flow', options: shortText(40), default: '0:' });
    await addColumn(queryRunner, { table: TABLE, name: 'studentId', options: types.id, default: '' });
    await addColumn(queryRunner, { table: TABLE, name: 'turn', options: types.integer, default: 0 });
    await addColumn(queryRunner, { table: TABLE, name: 'weight', options: types.integer, default: 1 });
    await addColumn(queryRunner, { table: TABLE, name: 'isWaiting', options: types.boolean, default: true });
    await addIndex(queryRunner, TABLE, {
      name: 'outbox_messages_turn',
      columns: ['isWaiting', 'flow', 'turn', 'id', 'weight'],
    });
    await addIndex(queryRunner, TABLE, {
      name: 'outbox_messages_student',
      columns: ['studentId', 'flow', 'turn'],
    });
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.dropIndex(TABLE, 'outbox_messages_student');
    await queryRunner.dropIndex(TABLE, 'outbox_messages_turn');
    for (const name of ['isWaiting', 'weight', 'turn', 'studentId', 'flow']) await dropColumn(queryRunner, TABLE, name);
  }
}
