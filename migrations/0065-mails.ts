import type { MigrationInterface, QueryRunner } from 'typeorm';
import { nullable, shortText } from '../src/database/column-types.js';
import { columnTypesFor, createTable } from './table.js';

export class Mails1790000000065 implements MigrationInterface {
  name = 'Mails1790000000065';

  async up(queryRunner: QueryRunner): Promise<void> {
    const types = columnTypesFor(queryRunner);
    await createTable(queryRunner, {
      name: 'mails',
      columns: {
        id: { ...types.id, primary: true },
        kind: shortText(40),
        recipient: shortText(),
        content: nullable(types.longText),
        createdAt: types.instant,
        uselessAt: nullable(types.instant),
        dueAt: nullable(types.instant),
        claims: types.integer,
        failures: types.integer,
        sentAt: nullable(types.instant),
        givenUpAt: nullable(types.instant),
        lastError: nullable(shortText(60)),
      },
      indices: [
        { name: 'mails_recipient', columns: ['recipient', 'createdAt'] },
        { name: 'mails_due', columns: ['dueAt'] },
      ],
    });
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.dropTable('mails');
  }
}
