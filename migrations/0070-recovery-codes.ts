import type { MigrationInterface, QueryRunner } from 'typeorm';
import { shortText } from '../src/database/column-types.js';
import { columnTypesFor, createTable } from './table.js';

export class RecoveryCodes1790000000070 implements MigrationInterface {
  name = 'RecoveryCodes1790000000070';

  async up(queryRunner: QueryRunner): Promise<void> {
    const types = columnTypesFor(queryRunner);
    await createTable(queryRunner, {
      name: 'recovery_codes',
      columns: { id: { ...types.id, primary: true }, userId: types.id, codeHash: shortText(64) },
      indices: [{ name: 'recovery_codes_code', columns: ['userId', 'codeHash'], unique: true }],
      foreignKeys: [{ name: 'fk_recovery_codes_user', column: 'userId', table: 'users', onDelete: 'CASCADE' }],
    });
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.dropTable('recovery_codes');
  }
}
