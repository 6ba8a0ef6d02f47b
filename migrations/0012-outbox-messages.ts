import type { MigrationInterface, QueryRunner } from 'typeorm';
import { nullable } from '../src/database/column-types.js';
import { columnTypesFor, createTable } from './table.js';

export class OutboxMessages1790000000012 implements MigrationInterface {
  name = 'OutboxMessages1790000000012';

  async up(queryRunner: QueryRunner): Promise<void> {
    const types = columnTypesFor(queryRunner);
    await createTable(queryRunner, {
      name: 'outbox_messages',
      columns: {
        id: { ...types.id, primary: true },
        runId: types.id,
        createdAt: types.instant,
        dueAt: types.instant,
        publishedAt: nullable(types.instant),
        publications: types.integer,
      },
      indices: [
        { name: 'outbox_messages_due', columns: ['dueAt', 'id'] },
        { name: 'outbox_messages_run', columns: ['runId'], unique: true },
      ],
    });
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.dropTable('outbox_messages');
  }
}
