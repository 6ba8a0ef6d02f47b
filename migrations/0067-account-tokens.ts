import type { MigrationInterface, QueryRunner } from 'typeorm';
import { shortText } from '../src/database/column-types.js';
import { columnTypesFor, createTable } from './table.js';

export class AccountTokens1790000000067 implements MigrationInterface {
  name = 'AccountTokens1790000000067';

  async up(queryRunner: QueryRunner): Promise<void> {
    const types = columnTypesFor(queryRunner);
    await createTable(queryRunner, {
      name: 'account_tokens',
      columns: {
        id: { ...types.id, primary: true },
        userId: types.id,
        kind: shortText(30),
        email: shortText(),
        tokenHash: shortText(64),
        createdAt: types.instant,
        expiresAt: types.instant,
      },
      indices: [
        { name: 'account_tokens_user', columns: ['userId'] },
        { name: 'account_tokens_hash', columns: ['tokenHash'], unique: true },
        { name: 'account_tokens_expiry', columns: ['expiresAt'] },
      ],
      foreignKeys: [{ name: 'fk_account_tokens_user', column: 'userId', table: 'users', onDelete: 'CASCADE' }],
    });
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.dropTable('account_tokens');
  }
}
