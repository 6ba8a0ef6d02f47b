import type { MigrationInterface, QueryRunner } from 'typeorm';
import { nullable, shortText } from '../src/database/column-types.js';
import { columnTypesFor, createTable } from './table.js';

export class PersonalAccessTokens1790000000036 implements MigrationInterface {
  name = 'PersonalAccessTokens1790000000036';

  async up(queryRunner: QueryRunner): Promise<void> {
    const types = columnTypesFor(queryRunner);
    await createTable(queryRunner, {
      name: 'personal_access_tokens',
      columns: {
        id: { ...types.id, primary: true },
        userId: types.id,
        name: shortText(100),
        tokenHash: shortText(64),
        scopes: shortText(100),
        createdAt: types.instant,
        expiresAt: types.instant,
        lastUsedAt: nullable(types.instant),
      },
      indices: [
        { name: 'personal_access_tokens_user', columns: ['userId'] },
        { name: 'personal_access_tokens_hash', columns: ['tokenHash'], unique: true },
      ],
      foreignKeys: [{ name: 'fk_personal_access_tokens_user', column: 'userId', table: 'users', onDelete: 'CASCADE' }],
    });
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.dropTable('personal_access_tokens');
  }
}
